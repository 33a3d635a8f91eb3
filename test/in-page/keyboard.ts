/**
 * 键盘. Runs inside a page beside layout.ts: numbers what can be operated, and looks at each stop of the Tab key. What
 * has one stop for many (lists, tabs, radio groups) is reached when one of them is.
 */

interface Stop {
  /** Position in the list of what can be operated; -1 when the focus is on something else, null when on nothing. */
  readonly at: number | null;
  readonly name: string;
  readonly seen: boolean;
  readonly marked: boolean;
}

interface Operable {
  readonly element: Element;
  readonly name: string;
  readonly unfocused: string;
  readonly group: Element | null;
  readonly box: DOMRect;
}

let operables: readonly Operable[] = [];

/** Puts the focus before the first stop. What showed it elsewhere takes a moment to let go of it. */
function toTheTop(): void {
  const dialog = topDialog();
  // The next Tab goes on from here: blur() alone would leave it where the focus was.
  const top = dialog instanceof HTMLElement ? dialog : document.body;
  const had = top.getAttribute("tabindex");
  top.tabIndex = -1;
  top.focus({ preventScroll: true });
  if (had === null) top.removeAttribute("tabindex");
  getSelection()?.removeAllRanges();
}

/** Takes stock with nothing focused; answers how many stops there are at the most. */
function beginKeyboard(): number {
  const within: ParentNode = topDialog() ?? document;
  operables = [...within.querySelectorAll<HTMLElement>(OPERABLE)]
    .filter((e) => isSeen(e) || (isSeen(e.parentElement ?? e) && e.matches("input")))
    .filter(
      (e) =>
        !e.matches(":disabled, [aria-disabled=true], [aria-hidden=true], [aria-hidden=true] *, [inert] *"),
    )
    .map((element) => ({
      element,
      name: `${selectorOf(element)}「${excerptOf(element)}」`,
      unfocused: looksOf(element),
      group: groupOf(element),
      box: element.getBoundingClientRect(),
    }));
  return operables.length;
}

const OPERABLE =
  "a[href], button, input:not([type=hidden]):not([type=file]), select, textarea, summary, [tabindex], [role=option], [role=tab], [role=menuitem], [role=treeitem], [role=switch]";
const COMPOSITE =
  "[role=listbox], [role=tablist], [role=radiogroup], [role=menu], [role=tree], [role=grid], .ant-radio-group";

function groupOf(element: Element): Element | null {
  const own = element.closest(COMPOSITE);
  if (own) return own;
  if (element instanceof HTMLInputElement && element.type === "radio")
    return element.closest("fieldset, form");
  return null;
}

/** Where the focus is now. */
function stopNow(): Stop {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement)
    return { at: null, name: "", seen: true, marked: true };
  const at = operables.findIndex((o) => o.element === element);
  const name = operables[at]?.name ?? `${selectorOf(element)}「${excerptOf(element)}」`;
  const rect = element.getBoundingClientRect();
  const seen = rect.bottom > 0 && rect.right > 0 && rect.top < innerHeight && rect.left < innerWidth;
  return { at, name, seen, marked: at < 0 || looksOf(element) !== operables[at]?.unfocused };
}

/** What Tab never came to, leaving out those whose group it did come to. */
function missedBy(reached: readonly number[]): string[] {
  const stops = new Set(reached);
  const groups = new Set(reached.flatMap((at) => operables[at]?.group ?? []));
  // a list box may also hold the focus itself, or be steered from a field beside it
  for (const { group } of operables) {
    if (group === null) continue;
    const owner = group.id ? document.querySelector(`[aria-controls~="${CSS.escape(group.id)}"]`) : null;
    if (reached.some((at) => operables[at]?.element === group || operables[at]?.element === owner))
      groups.add(group);
  }
  return operables
    .filter(({ element, group }, i) => {
      if (stops.has(i) || (group !== null && groups.has(group))) return false;
      if (!element.isConnected || !isSeen(element)) return false;
      if (element.getAttribute("tabindex") === "-1")
        return !element.matches("main, section, div, span, h1, h2, td, th, tr");
      return true;
    })
    .map((o) => o.name);
}

/** Steps back up the screen within one column: the order is not the one that is read. */
function backwardSteps(reached: readonly number[]): string[] {
  const found: string[] = [];
  for (let i = 1; i < reached.length; i++) {
    const before = operables[reached[i - 1] ?? -1];
    const after = operables[reached[i] ?? -1];
    if (!before || !after || before.element.contains(after.element)) continue;
    const positioned = (e: Element) => e.closest("[popover], .skip") !== null;
    if (positioned(before.element) || positioned(after.element)) continue;
    const up = after.box.bottom <= before.box.top + 1;
    const notRight = after.box.left < before.box.right && after.box.right > before.box.left;
    const sameLandmark =
      before.element.closest("nav, header, main, form, section, aside") ===
      after.element.closest("nav, header, main, form, section, aside");
    if (up && notRight && sameLandmark) found.push(`${before.name} 之后跳回上方的 ${after.name}`);
  }
  return found;
}

/** How an element and what is around it look; a focus ring changes it. */
function looksOf(element: Element): string {
  const around = new Set<Element>([element, ...(element.parentElement?.children ?? [])]);
  for (let up: Element | null = element.parentElement, i = 0; up && i < 3; up = up.parentElement, i++)
    around.add(up);
  const labelled = element instanceof HTMLInputElement ? (element.labels ?? []) : [];
  const active = document.getElementById(element.getAttribute("aria-activedescendant") ?? "");
  if (active) around.add(active);
  for (const label of labelled) for (const each of label.querySelectorAll("*")) around.add(each);
  const looks = (e: Element, pseudo?: string) => {
    const s = getComputedStyle(e, pseudo);
    return [
      s.outlineStyle,
      s.outlineWidth,
      s.outlineColor,
      s.boxShadow,
      s.borderColor,
      s.backgroundColor,
    ].join(" ");
  };
  return [...around]
    .slice(0, 40)
    .flatMap((e) => [looks(e), looks(e, "::after")])
    .join("|");
}

Object.assign(globalThis, { toTheTop, beginKeyboard, stopNow, missedBy, backwardSteps });
