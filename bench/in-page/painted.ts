/**
 * 画出的时刻. Runs inside a page from its beginning: from the last key or click to the second frame after the screen
 * shows what was asked for. No imports: handed to the browser as it stands, without its types.
 */

type Look = "list" | "ticket" | "touch";

interface Painted {
  /** From the key or click (or the start of the navigation) to the second frame. */
  readonly ms: number;
}

const wordsAt = (selector: string): string => document.querySelector(selector)?.textContent ?? "";

const LOOKS: Readonly<Record<Look, () => string>> = {
  list() {
    if (document.querySelector(".ticket-list .loading-bar, .ticket-list [aria-busy=true]")) return "";
    const rows = [...document.querySelectorAll("[id^=row-]")].slice(0, 12).map((r) => r.textContent);
    return rows.length > 0 ? rows.join("|") : wordsAt(".ticket-list [class*=empty]");
  },
  ticket() {
    const title = wordsAt(".split-ticket .ticket-title");
    return title && `${title} ${wordsAt(".split-ticket .ticket-number")}`;
  },
  touch: () => document.documentElement.dataset.touch ?? "none",
};

let began = 0;
let awaited: Promise<Painted> = Promise.resolve({ ms: 0 });

for (const kind of ["keydown", "click"] as const)
  addEventListener(
    kind,
    (event) => {
      began = event.timeStamp;
      document.documentElement.dataset.touch = String(began);
    },
    true,
  );

/** From now on, waits until this looks another way; `painted` tells when it has been drawn so. */
function awaitPaint(what: Look, before = LOOKS[what]()): void {
  awaited = new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`nothing new of ${what} was painted`)), 20_000);
    const look = (): boolean => {
      const now = LOOKS[what]();
      if (now === "" || now === before) return false;
      clearTimeout(patience);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve({ ms: performance.now() - began })));
      return true;
    };
    if (look()) return;
    const watcher = new MutationObserver(() => {
      if (look()) watcher.disconnect();
    });
    watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  awaited.catch(() => {}); // heard by who asks
}

const painted = (): Promise<Painted> => awaited;

/** Frames drawn while a box is scrolled down `step` pixels a frame for that long; back up again at its end. */
function framesWhile(selector: string, step: number, ms: number): Promise<number> {
  const box = document.querySelector(selector);
  if (!box) throw new Error(`nothing to scroll at ${selector}`);
  return new Promise((resolve) => {
    const start = performance.now();
    let frames = 0;
    const frame = (): void => {
      const spent = performance.now() - start;
      if (spent >= ms) {
        resolve((frames * 1000) / spent);
        return;
      }
      frames += 1;
      const before = box.scrollTop;
      box.scrollTop += step;
      if (box.scrollTop === before) box.scrollTop = 0;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** The least that shows a long list: rows of one height, those in sight drawn anew at every scroll. */
function bareList(rows: number): void {
  const height = 56;
  document.body.innerHTML = `<div id="bare" style="height:800px;overflow:auto"><div style="position:relative;height:${rows * height}px"></div></div>`;
  const box = document.querySelector("#bare");
  const sheet = box?.firstElementChild;
  if (!box || !sheet) return;
  const draw = (): void => {
    const first = Math.max(0, Math.floor(box.scrollTop / height) - 5);
    const last = Math.min(rows, first + Math.ceil(800 / height) + 10);
    sheet.innerHTML = Array.from({ length: last - first }, (_, i) => {
      const n = first + i;
      return `<div style="position:absolute;top:${n * height}px;height:${height}px"><b>第 ${n} 行</b><span>路灯不亮，市民反映。</span></div>`;
    }).join("");
  };
  box.addEventListener("scroll", draw);
  draw();
}

Object.assign(globalThis, { awaitPaint, painted, framesWhile, bareList });
