/** 试验网关. A mail server and a webhook on this machine that keep what they are sent and fail as they are told. */
import { createServer as createHttp, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";

export interface Letter {
  readonly from: string;
  readonly to: string;
  /** Head and body as they came. */
  readonly data: string;
}

export interface MailSink {
  readonly port: number;
  readonly letters: Letter[];
  /** Answers the next letters with this instead of taking them. */
  refuseNext(times: number, answer: string): void;
  close(): Promise<void>;
}

/** As much of SMTP as a client needs to hand a letter in. */
export async function openMailSink(): Promise<MailSink> {
  const letters: Letter[] = [];
  let refusing = { times: 0, answer: "" };
  const server = createTcp((socket) => {
    const say = (line: string) => socket.write(`${line}\r\n`);
    let [from, to, data, rest] = ["", "", "", ""];
    let inData = false;
    say("220 sink ready");
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8");
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (inData) {
          if (line !== ".") {
            data += `${line}\n`;
            continue;
          }
          inData = false;
          if (refusing.times > 0) {
            refusing.times -= 1;
            say(refusing.answer);
          } else {
            letters.push({ from, to, data });
            say("250 kept");
          }
          data = "";
        } else if (/^MAIL FROM/i.test(line)) {
          from = line;
          say("250 ok");
        } else if (/^RCPT TO/i.test(line)) {
          to = line;
          say("250 ok");
        } else if (/^DATA/i.test(line)) {
          inData = true;
          say("354 go on");
        } else if (/^QUIT/i.test(line)) {
          say("221 bye");
          socket.end();
        } else say("250 ok");
      }
    });
  });
  const { port, close } = await listening(server);
  return {
    port,
    letters,
    refuseNext: (times, answer) => {
      refusing = { times, answer };
    },
    close,
  };
}

export interface Call {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HookSink {
  readonly url: string;
  readonly calls: Call[];
  /** Statuses of the next answers; then 200. */
  answerNext(...statuses: readonly number[]): void;
  close(): Promise<void>;
}

export async function openHookSink(answer = '{"errcode":0}'): Promise<HookSink> {
  const calls: Call[] = [];
  let statuses: number[] = [];
  const server = createHttp((request, reply) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      calls.push({ url: request.url ?? "", method: request.method ?? "", headers: request.headers, body });
      const status = statuses.shift() ?? 200;
      reply
        .writeHead(status, { location: "http://127.0.0.1:1/elsewhere" })
        .end(status === 200 ? answer : "忙");
    });
  });
  const { port, close } = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answerNext: (...next) => {
      statuses = [...next];
    },
    close,
  };
}

async function listening(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("not listening");
  return address.port;
}
