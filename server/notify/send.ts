/** 外发. One attempt by one channel: an e-mail or a call of a webhook. Answers what came of it; nothing is kept here. */
import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { escapeFor, filledTemplate, type Message } from "@jiesu/core/notify/message.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { createTransport } from "nodemailer";
import { Refused } from "../platform/errors.ts";
import { reachable } from "./reach.ts";
import type { EmailSettings, WebhookSettings } from "./shape.ts";

export type Channel =
  | { readonly means: "email"; readonly settings: EmailSettings; readonly secret: string }
  | { readonly means: "webhook"; readonly settings: WebhookSettings; readonly secret: string };

export interface Sending {
  readonly message: Message;
  /** E-mail address; empty for a webhook, whose template names whom. */
  readonly to: string;
  /** The same at every attempt. */
  readonly key: string;
  readonly at: number;
}

export interface Sent {
  readonly ok: boolean;
  /** What the other side said, or what is wrong and what to do; without addresses and secrets. */
  readonly answer: string;
}

const TIMEOUT_MS = 10_000;
const MOST_READ = 2000;
const SHOWN = 200;

export async function send(channel: Channel, sending: Sending, local: boolean): Promise<Sent> {
  try {
    return channel.means === "email"
      ? await mail(channel.settings, channel.secret, sending, local)
      : await call(channel.settings, channel.secret, sending, local);
  } catch (error) {
    return { ok: false, answer: faultIn(error, channel.secret) };
  }
}

async function mail(s: EmailSettings, password: string, sending: Sending, local: boolean): Promise<Sent> {
  const { address } = await reachable(s.host, { local, inner: s.inner });
  const transport = createTransport({
    host: address,
    port: s.port,
    secure: s.security === "tls",
    requireTLS: s.security === "starttls",
    ignoreTLS: s.security === "none",
    tls: { servername: s.host },
    ...(s.user === "" ? {} : { auth: { user: s.user, pass: password } }),
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  try {
    const { title, body, link } = sending.message;
    const told = await transport.sendMail({
      from: { name: s.fromName, address: s.from },
      to: sending.to,
      subject: title,
      text: [body, link].filter((words) => words !== "").join("\n\n"),
      messageId: `<${sending.key}@jiesu>`,
      date: new Date(sending.at),
      headers: { "X-Jiesu-Key": sending.key },
    });
    return { ok: true, answer: shown(String(told.response), password) };
  } finally {
    transport.close();
  }
}

async function call(s: WebhookSettings, secret: string, sending: Sending, local: boolean): Promise<Sent> {
  const url = new URL(filledTemplate(s.url, sending.message, secret, "form"));
  const to = await reachable(url.hostname, { local, inner: s.inner });
  const body = filledTemplate(s.body, sending.message, secret, escapeFor(s.contentType));
  const stamp = String(Math.floor(sending.at / 1000));
  const headers: Record<string, string> = {
    ...Object.fromEntries(
      s.headers.map((h) => [h.name, headerValue(filledTemplate(h.value, sending.message, secret, "plain"))]),
    ),
    "content-type": s.contentType,
    "content-length": String(Buffer.byteLength(body)),
    "idempotency-key": sending.key,
    "user-agent": "jiesu",
    ...(s.sign === "none"
      ? {}
      : {
          "x-jiesu-timestamp": stamp,
          "x-jiesu-signature": createHmac(s.sign === "hmac-sm3" ? "sm3" : "sha256", secret)
            .update(`${stamp}.${body}`)
            .digest("hex"),
        }),
  };
  const { status, text } = await exchange(url, to, s.method, headers, body);
  const ok = status >= 200 && status < 300 && (s.okText === "" || text.includes(s.okText));
  const why = ok || status < 200 || status >= 300 ? "" : `（应答中没有“${s.okText}”）`;
  return { ok, answer: shown(`HTTP ${status}${why} ${text}`, secret) };
}

/** A redirection is not followed: what answers it is not the gateway that was entered and judged. */
function exchange(
  url: URL,
  to: { readonly address: string; readonly family: 4 | 6 },
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  const lookup: LookupFunction = (_host, options, answer) =>
    options.all ? answer(null, [{ ...to }]) : answer(null, to.address, to.family);
  return new Promise((resolve, reject) => {
    const ask = url.protocol === "https:" ? httpsRequest : httpRequest;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const asked = ask(url, { method, headers, lookup, agent: false, signal }, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (part: string) => {
        if (text.length < MOST_READ) text += part;
      });
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, text }));
      reply.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "对方拒绝连接，请核对主机和端口，以及对方服务是否已启动。",
  ECONNRESET: "连接被对方中断，请核对端口与加密方式。",
  ETIMEDOUT: "连接超时，请核对主机、端口和防火墙。",
  ABORT_ERR: "对方没有在 10 秒内应答。",
  EAUTH: "账号或口令不正确。",
  EENVELOPE: "发件人或收件人地址被对方拒绝。",
  ESOCKET: "连接失败，请核对端口与加密方式。",
  EDNS: "找不到主机，请核对地址。",
  CERT_HAS_EXPIRED: "对方证书已过期。",
  DEPTH_ZERO_SELF_SIGNED_CERT: "对方使用自签证书，不能核验身份。",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "对方证书不能核验。",
};

function faultIn(error: unknown, secret: string): string {
  if (error instanceof Refused) return String(error.refusal.message ?? error.refusal.code);
  const { code: outer, name, response, message } = Object(error);
  // The mail client wraps what the system said; its word stands in the message.
  const inner = Object.keys(FAULTS).find((word) => outer === "ESOCKET" && String(message).includes(word));
  const code = inner ?? outer;
  const said = typeof response === "string" ? `（对方应答：${response}）` : "";
  const known = FAULTS[String(code)] ?? (name === "TimeoutError" ? FAULTS.ABORT_ERR : undefined);
  return shown(`${known ?? `发送失败：${String(code ?? name ?? "未知")}。`}${said}`, secret);
}

/** First words of an answer: no number, no mail address, no secret in it. */
function shown(text: string, secret: string): string {
  const bare = secret === "" ? text : text.replaceAll(secret, "***");
  const covered = maskText(bare.replace(/[\w.+-]+@[\w.-]+/g, "***@***").replace(/\s+/g, " ")).text.trim();
  return [...covered].slice(0, SHOWN).join("");
}

/** What a message put into a header can neither end it nor hold what headers cannot. */
const headerValue = (text: string): string =>
  text.replace(/[^\t\x20-\x7e]/g, (sign) => encodeURIComponent(sign));
