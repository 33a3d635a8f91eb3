/** 附件的收与发. Takes a file that a person attaches, checked and kept; gives it back to be shown or saved. */
import { maskText } from "@jiesu/core/privacy/mask.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { addWordings, Refused } from "../errors.ts";
import { keepFile, readKept } from "./kept.ts";
import { fileName, kindOf, mayShowInPage } from "./sniff.ts";
import { digestOf } from "./whole.ts";

const MAX_BYTES = 20 * 1024 * 1024;

/** Body limit of a route that takes one: the file and what the form puts around it. */
export const UPLOAD_LIMIT = MAX_BYTES + 64 * 1024;

addWordings({
  "file-kind": {
    status: 422,
    zh: () => "这个文件不能作附件：只收图片、PDF、Word、Excel、PowerPoint（不含宏）和纯文本。",
  },
  "file-empty": { status: 422, zh: () => "文件是空的，请重新选择。" },
  "file-missing": { status: 422, zh: () => "没有收到文件，请重新选择后上传。" },
  "file-gone": { status: 410, zh: () => "附件的文件已丢失或损坏，请系统管理员从备份中恢复。" },
});

export interface TakenFile {
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  readonly sha256: Buffer;
}

/** The one file of a multipart request, its bytes on the disk. Throws Refused. */
export async function takeFile(request: FastifyRequest, folder: string): Promise<TakenFile> {
  if (!request.isMultipart()) throw new Refused({ code: "file-missing" });
  const part = await request.file({ limits: { fileSize: MAX_BYTES, files: 1 } });
  if (!part) throw new Refused({ code: "file-missing" });
  const bytes = await part.toBuffer().catch((error: unknown) => {
    if ((error as { statusCode?: number }).statusCode === 413)
      throw new Refused({ code: "too-large", limit: "20 MB" });
    throw error;
  });
  if (bytes.length === 0) throw new Refused({ code: "file-empty" });
  const kind = kindOf(bytes, part.filename);
  if (!kind) throw new Refused({ code: "file-kind" });
  const name = fileName(maskText(part.filename.toWellFormed()).text, kind);
  const sha256 = digestOf(bytes);
  await keepFile(folder, sha256, bytes);
  return { name, mime: kind.mime, size: bytes.length, sha256 };
}

/** Sends a kept file; with `show`, what a browser may show in the page is shown there. Throws Refused. */
export async function giveFile(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  found: Pick<TakenFile, "name" | "mime" | "sha256">,
  show: boolean,
): Promise<FastifyReply> {
  const etag = `"${found.sha256.toString("hex")}"`;
  // Asked anew every time: a file may be hidden a minute from now.
  reply.header("cache-control", "private, no-cache").header("etag", etag);
  if (request.headers["if-none-match"] === etag) return reply.status(304).send();
  const bytes = await readKept(folder, found.sha256);
  if (!bytes) throw new Refused({ code: "file-gone" });
  const inPage = show && mayShowInPage(found.mime);
  return reply
    .header("content-type", found.mime === "text/plain" ? "text/plain; charset=utf-8" : found.mime)
    .header("x-content-type-options", "nosniff")
    .header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    )
    .header(
      "content-disposition",
      `${inPage ? "inline" : "attachment"}; filename*=UTF-8''${encodeName(found.name)}`,
    )
    .send(bytes);
}

/** RFC 8187: encodeURIComponent leaves a few signs that the header may not carry. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
