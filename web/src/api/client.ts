/** The one door to the server: cookie session, csrf header, every refusal as a Problem, a lost session announced. */
import createClient from "openapi-fetch";
import { isBackground } from "./hands.ts";
import { Problem } from "./problem.ts";
import type { paths } from "./schema.d.ts";

let csrf = "";
const lostListeners = new Set<() => void>();

/** Typed by the server's own OpenAPI. A call that is refused throws a Problem. */
export const http = createClient<paths>({ fetch: door });

/** The answer's body; `http` has thrown already where there is none. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new Problem(0, "empty", "服务器没有正常答复，请稍后重试。");
  return data;
}

/** Set from the session; sent with everything that changes something. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** Calls back whenever the server no longer knows who we are. Answers how to stop listening. */
export function onSessionLost(listener: () => void): () => void {
  lostListeners.add(listener);
  return () => lostListeners.delete(listener);
}

/** Sends a file with its progress (0 to 1); fetch cannot tell how much has gone. */
export function upload<T>(
  path: keyof paths,
  file: File,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return sendFile(path, file, onProgress, signal);
}

/** The same to a ticket's attachments. */
export function uploadToTicket(
  ticketId: string,
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<{ id: string }> {
  return sendFile(`/api/tickets/${ticketId}/attachments`, file, onProgress, signal);
}

/** A month's results of the city; which kind they are the file tells. */
export function uploadCityResult<T>(
  period: string,
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<T> {
  const path = `/api/assessment/city-results/files?${new URLSearchParams({ period })}`;
  return sendFile(path, file, onProgress, signal);
}

/** The same to a supervision item, to be named by a step. */
export function uploadToSupervision(
  itemId: string,
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<{ id: string }> {
  return sendFile(`/api/supervision/${itemId}/files`, file, onProgress, signal);
}

/** The city's list, with what a person says its columns mean; null where nobody has said. */
export function sendSupervisionList<T>(
  path: "/api/supervision/lists" | "/api/supervision/lists/look",
  query: Readonly<Record<string, string>>,
  file: File,
  mapping: Readonly<Record<string, string>> | null,
): Promise<T> {
  const said: Readonly<Record<string, string>> = mapping === null ? {} : { mapping: JSON.stringify(mapping) };
  return sendFile(`${path}?${new URLSearchParams(query)}`, file, () => {}, undefined, said);
}

function sendFile<T>(
  path: string,
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
  fields: Readonly<Record<string, string>> = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("x-csrf-token", csrf);
    request.responseType = "text";
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onerror = () => reject(offline());
    request.onabort = () => reject(offline());
    signal?.addEventListener("abort", () => request.abort());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problemFrom(request.status, request.responseText));
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value); // before the file: read on the way
    form.append("file", file);
    request.send(form);
  });
}

async function door(request: Request): Promise<Response> {
  if (request.method !== "GET") request.headers.set("x-csrf-token", csrf);
  if (isBackground()) request.headers.set("x-background", "1");
  const response = await fetch(request).catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw offline();
  });
  if (response.ok) return response;
  throw problemFrom(response.status, await response.text(), request.headers.has("x-quiet"));
}

function problemFrom(status: number, text: string, quiet = false): Problem {
  const body = parsed(text);
  const code = typeof body.code === "string" ? body.code : "unknown";
  const message =
    typeof body.message === "string" ? body.message : `服务器没有正常答复（${status}），请稍后重试。`;
  const detail = isRecord(body.detail) ? body.detail : {};
  if (status === 401 && code === "not-signed-in" && !quiet) for (const listener of lostListeners) listener();
  return new Problem(status, code, message, detail);
}

function offline(): Problem {
  return new Problem(0, "offline", "网络中断，没有成功。已填写的内容会保留，请检查网络后重试。");
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
