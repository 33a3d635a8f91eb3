/** 启动不了的原因: what the person at the keyboard can put right. `main` prints `message` as one line and exits with 1. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/**
 * The Chinese line for what the machine refuses at start (port, disk, permission); undefined for our own mistakes,
 * which deserve their stack.
 */
export function startErrorOf(error: unknown): StartError | undefined {
  if (error instanceof StartError) return error;
  if (!(error instanceof Error)) return undefined;
  const { code, path, port } = detailsOf(error);
  const line = code === undefined ? undefined : LINES[code];
  return line === undefined ? undefined : new StartError(line({ path, port }), { cause: error });
}

interface Where {
  readonly path: string;
  readonly port: string;
}

const LINES: Readonly<Record<string, (where: Where) => string>> = {
  EADDRINUSE: ({ port }) =>
    `端口 ${port} 已被占用。请先停止占用它的程序，或换一个端口：npm start -- --port 9000（或设 JIESU_PORT）。`,
  EADDRNOTAVAIL: () => "本机没有 JIESU_HOST 所写的地址。请改为 127.0.0.1 或本机的某个地址。",
  ENOSPC: () => "磁盘已满，无法继续。请清出空间后重试；数据不会丢失。",
  EDQUOT: () => "磁盘配额已用完，无法继续。请清出空间后重试；数据不会丢失。",
  EACCES: ({ path, port }) =>
    port === ""
      ? `没有权限使用 ${path}。请用拥有该目录的用户运行，或用 JIESU_DATA 换一个数据目录。`
      : `没有权限使用端口 ${port}（1024 以下的端口需要特权）。请换一个端口：JIESU_PORT。`,
  EPERM: ({ path }) => `没有权限使用 ${path}。请用拥有该目录的用户运行，或用 JIESU_DATA 换一个数据目录。`,
  EROFS: ({ path }) => `${path} 在只读的磁盘上。请用 JIESU_DATA 换一个可写的数据目录。`,
};

function detailsOf(error: Error): Where & { readonly code: string | undefined } {
  const text = (key: "code" | "path" | "port"): string | undefined => {
    const value: unknown = Object.getOwnPropertyDescriptor(error, key)?.value;
    return value === undefined ? undefined : String(value);
  };
  return { code: text("code"), path: text("path") ?? "", port: text("port") ?? "" };
}
