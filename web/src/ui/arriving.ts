/**
 * 按需载入. Code that comes when it is first needed, while the server may be restarting. A browser that failed to fetch a module
 * never asks for it again, so that it is asked for only when the server can be reached.
 */

const AGAIN_MS = 1_000;

let asking: Promise<void> | null = null;

/** What `load` brings, as soon as the server can be reached. Rejects where the server is there and the code is not. */
export async function whenThere<T>(load: () => Promise<T>): Promise<T> {
  asking ??= reached().finally(() => {
    asking = null;
  });
  await asking;
  return load();
}

async function reached(): Promise<void> {
  while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}

const isUp = (): Promise<boolean> =>
  fetch("/icon.svg", { method: "HEAD", cache: "no-store" }).then(
    (answer) => answer.ok,
    () => false,
  );
