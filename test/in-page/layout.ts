/**
 * 版面. Runs inside a page (see test/screens/faults.ts) and answers sentences about what is cut, wrapped, covered or
 * scrolls twice. No imports: it is handed to the browser as it stands, without its types.
 */

interface LayoutWish {
  /** Scroll areas within scroll areas are a fault at the office's sizes; at 200 % zoom they may be what saves a page. */
  readonly doubleScroll: boolean;
}

function layoutFaults({ doubleScroll }: LayoutWish): string[] {
  const faults = new Map<string, string>();
  const say = (kind: string, element: Element, words: string) => {
    const key = `${kind} ${selectorOf(element)}`;
    if (!faults.has(key)) faults.set(key, `${words}：${selectorOf(element)}「${excerptOf(element)}」`);
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) say("page", root, `整页横向滚动 ${root.scrollWidth}px 宽`);
  const all = [...document.body.querySelectorAll("*")].filter(isSeen);
  for (const element of all) {
    if (ownText(element) !== "") textFaults(element, say);
    if (element.matches("button, a.button, [role=tab], .ant-btn, summary")) wrapFaults(element, say);
    if (element.matches("td, th, [role=cell], [role=gridcell]")) digitFaults(element, say);
    if (element.matches(INTERACTIVE)) coverFaults(element, say);
  }
  if (doubleScroll) {
    for (const inner of all.filter(scrollsDown)) {
      // A sheet that is fixed over the page is not within it: it keeps its scrolling to itself (overscroll-behavior).
      const isSheet = (a: Element): boolean =>
        getComputedStyle(a).position === "fixed" && getComputedStyle(a).overscrollBehaviorY === "contain";
      const around = isSheet(inner) ? [] : ancestors(inner);
      const sheet = around.findIndex(isSheet);
      const within = sheet < 0 ? around : around.slice(0, sheet + 1);
      const outer = within.find((a) => (a === document.body ? scrollsDown(root) : scrollsDown(a)));
      if (outer && !inner.matches("textarea, pre, [role=listbox] *, [role=listbox]"))
        say("scroll", inner, `滚动区里还有滚动区（外层 ${selectorOf(outer)}）`);
    }
  }
  return [...faults.values()];
}

type Say = (kind: string, element: Element, words: string) => void;

const INTERACTIVE =
  "a[href], button:not(:disabled), input:not(:disabled):not([type=hidden]):not([type=file]), textarea, [role=option], [role=tab]";

/** Text of its own that a box without dots and without a scroll bar cuts off. */
function textFaults(element: Element, say: Say): void {
  for (const rect of textRects(element)) {
    let inner = rect;
    for (let box: Element | null = element; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.position === "fixed" && box !== element) break;
      if (/auto|scroll/.test(style.overflowX) || /auto|scroll/.test(style.overflowY)) {
        const clip = box.getBoundingClientRect();
        if (!/auto|scroll/.test(style.overflowX) && inner.right > clip.right + 1.5)
          say("cut", element, "文字被截断");
        inner = new DOMRect(inner.x, clip.y, 0, 0); // may be scrolled to
        break;
      }
      const dots = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
      const clips = /hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY);
      if (clips && dots) break;
      if (clips) {
        const clip = box.getBoundingClientRect();
        const sideways =
          /hidden|clip/.test(style.overflowX) &&
          (inner.right > clip.right + 1.5 || inner.left < clip.left - 1.5);
        const down =
          /hidden|clip/.test(style.overflowY) && (inner.bottom > clip.bottom + 3 || inner.top < clip.top - 3);
        if (sideways || down) {
          say("cut", element, sideways ? "文字横向被截断" : "文字纵向被截断");
          break;
        }
      }
    }
  }
}

/** A button's label stands on one line. */
function wrapFaults(button: Element, say: Say): void {
  if (getComputedStyle(button).textAlign !== "center") return; // a card, whose text may run on
  const walker = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent?.trim() || !node.parentElement || !isSeen(node.parentElement)) continue;
    if (getComputedStyle(node.parentElement).webkitLineClamp !== "none") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = new Set(
      [...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top / 4)),
    );
    if (lines.size > 1) say("wrap", button, "按钮文字折行");
  }
}

function digitFaults(cell: Element, say: Say): void {
  if (!/^[\d.,%+\-−:\s]+$/.test(cell.textContent ?? "") || !/\d/.test(cell.textContent ?? "")) return;
  if (!getComputedStyle(cell).fontVariantNumeric.includes("tabular-nums"))
    say("digits", cell, "表中数字不等宽");
}

/** What can be clicked is not lain over by something else. */
function coverFaults(element: Element, say: Say): void {
  const rect = element.getBoundingClientRect();
  const x = rect.x + rect.width / 2;
  const y = rect.y + rect.height / 2;
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return;
  for (const box of ancestors(element)) {
    const clip = box.getBoundingClientRect();
    const scrolled = /auto|scroll|hidden|clip/.test(getComputedStyle(box).overflow);
    if (scrolled && (x < clip.left || x > clip.right || y < clip.top || y > clip.bottom)) return; // scrolled away
  }
  const over = coverAt(element, x, y);
  if (!over) return;
  element.scrollIntoView({ block: "center", inline: "center" }); // it may only be under what stays in place
  const now = element.getBoundingClientRect();
  const still = coverAt(element, now.x + now.width / 2, now.y + now.height / 2);
  if (still) say("cover", element, `被遮住（上面是 ${selectorOf(still)}）`);
}

function coverAt(element: Element, x: number, y: number): Element | null {
  const top = document.elementFromPoint(x, y);
  if (!top || element.contains(top) || top.contains(element)) return null;
  if (element.closest("label")?.contains(top)) return null;
  const dialog = topDialog();
  if (dialog && !dialog.contains(element)) return null; // the dialog is meant to lie over it
  if (element.matches("input, textarea") && element.parentElement?.contains(top)) return null; // one field
  const layer = [top, ...ancestors(top)].find((a) => getComputedStyle(a).position === "fixed");
  if (layer && !layer.contains(element)) {
    const { width, height } = layer.getBoundingClientRect();
    if (width * height > 0.3 * innerWidth * innerHeight) return null; // a sheet or a page over the page
  }
  return top;
}

function topDialog(): Element | null {
  return (
    [...document.querySelectorAll("dialog[open], [role=dialog][aria-modal=true]")].filter(isSeen).at(-1) ??
    null
  );
}

function scrollsDown(element: Element): boolean {
  if (element.clientHeight === 0 || element.scrollHeight <= element.clientHeight + 1) return false;
  if (element === document.documentElement) return true;
  return /auto|scroll/.test(getComputedStyle(element).overflowY);
}

function isSeen(element: Element): boolean {
  if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1 && !clippedAway(element);
}

/** For the ears alone (`.sr`), or inside what is; known once an element, as every one below asks. */
function clippedAway(element: Element): boolean {
  const known = clipped.get(element);
  if (known !== undefined) return known;
  const { clipPath, clip } = getComputedStyle(element);
  const own = clipPath.startsWith("inset(50%") || clip.startsWith("rect(0px, 0px");
  const away = own || (element.parentElement !== null && clippedAway(element.parentElement));
  clipped.set(element, away);
  return away;
}

const clipped = new WeakMap<Element, boolean>();

function ancestors(element: Element): Element[] {
  const found: Element[] = [];
  for (let at = element.parentElement; at && at !== document.documentElement; at = at.parentElement)
    found.push(at);
  return found;
}

function ownText(element: Element): string {
  return [...element.childNodes]
    .filter((n) => n.nodeType === Node.TEXT_NODE)
    .map((n) => n.textContent?.trim() ?? "")
    .join("");
}

function textRects(element: Element): DOMRect[] {
  const rects: DOMRect[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    rects.push(...range.getClientRects());
  }
  return rects.filter((r) => r.width > 0);
}

function selectorOf(element: Element): string {
  const part = (e: Element): string => {
    const id = e.id && !/[:«»_]|^rc|^r\d/.test(e.id) ? `#${e.id}` : "";
    const classes = [...e.classList].filter((c) => !c.startsWith("css-")).slice(0, 2);
    return `${e.tagName.toLowerCase()}${id}${classes.map((c) => `.${c}`).join("")}`;
  };
  const up = ancestors(element)
    .filter((a) => a.classList.length > 0)
    .slice(0, 2)
    .reverse();
  return [...up, element].map(part).join(" ");
}

function excerptOf(element: Element): string {
  const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
  return name.replace(/\s+/g, " ").trim().slice(0, 24);
}

Object.assign(globalThis, { layoutFaults, isSeen, selectorOf, excerptOf, topDialog });
