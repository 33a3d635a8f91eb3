/**
 * 可达地址. Where a message may be sent: a name is resolved and every address that it stands for is judged, and the
 * connection goes to the address that was judged, not to what the name says a moment later.
 *
 * This machine itself, its own network's link addresses and addresses of many are refused (JIESU_NOTIFY_LOCAL=on lets
 * this machine be reached: a mail server beside us, the tests). Private networks (政务内网) only where the channel says so.
 */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { addWordings, Refused } from "../platform/errors.ts";

addWordings({
  "notify-address": { status: 422, zh: (r) => String(r.message) },
});

export interface Reachable {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface Reach {
  /** The process was told that this machine may be reached. */
  readonly local: boolean;
  /** The channel is one inside the private network. */
  readonly inner: boolean;
}

const LOOPBACK = blockList([
  ["127.0.0.0", 8],
  ["::1", 128],
]);
const NEVER = blockList([
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 3],
  ["::", 128],
  ["fe80::", 10],
  ["ff00::", 8],
]);
const PRIVATE = blockList([
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["fc00::", 7],
]);

/** The address to connect to. Throws Refused with what is wrong and what to do. */
export async function reachable(host: string, reach: Reach): Promise<Reachable> {
  const bare = host.replace(/^\[|\]$/g, "");
  const found = isIP(bare)
    ? [{ address: bare }]
    : await lookup(bare, { all: true }).catch(() => refuse(`找不到主机 ${bare}，请核对地址或域名解析。`));
  const judged = found.map(({ address }) => plainAddress(address));
  for (const { address, family } of judged) {
    const kind = family === 4 ? "ipv4" : "ipv6";
    if (NEVER.check(address, kind)) refuse(`${bare} 指向保留地址，不能作为外发地址。`);
    if (LOOPBACK.check(address, kind) && !reach.local)
      refuse(`${bare} 指向本机，不能作为外发地址；确需使用本机服务的，请设置 JIESU_NOTIFY_LOCAL=on。`);
    if (PRIVATE.check(address, kind) && !reach.inner && !reach.local)
      refuse(`${bare} 指向内网地址；确为政务内网服务的，请在通道中勾选“内网地址”。`);
  }
  const [first] = judged;
  return first ?? refuse(`找不到主机 ${bare}，请核对地址或域名解析。`);
}

/** An IPv4 address dressed as IPv6 is judged as what it is. */
function plainAddress(address: string): Reachable {
  const dressed = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (dressed?.[1]) return { address: dressed[1], family: 4 };
  return { address, family: isIP(address) === 6 ? 6 : 4 };
}

function blockList(nets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, bits] of nets) list.addSubnet(net, bits, isIP(net) === 6 ? "ipv6" : "ipv4");
  return list;
}

function refuse(message: string): never {
  throw new Refused({ code: "notify-address", message });
}
