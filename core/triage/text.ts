/** 诉求文本. What the caller said, apart from what offices wrote under it (工单流转); lengths never change, so positions hold. */

/**
 * Where offices' own notes begin. They name units that somebody already thought of: reading them would let a suggestion
 * copy an answer instead of finding it. [practice: exports of 2020]
 */
const NOTES: readonly RegExp[] = [
  /工单[流扭]转/u, // 工单流转：… with either colon, a comma, or nothing after it
  /来信人您好/u,
  /最终承办单位/u,
  /进行了调查，并答复如下/u,
  /经[^，。；\n]{0,12}(?:核实|了解|沟通)[^，。；\n]{0,3}(?:——|---|：|:|，|,)/u, // 经与海淀区核实——
  /(?:街道|镇|地区|局|委|区|中心)(?:分中心)?(?:退回|回复)(?:[：:，,]|来信人)/u, // 海淀区退回：
];

/** Where a sentence, a bracket or a “注：” of an office's note can begin. */
const OPENINGS = /[。；;！？\n【（(]|注[：:]/gu;

/** Index of the first flow note in the text; the text's length when there is none. */
export function notesFrom(text: string): number {
  let first = text.length;
  for (const pattern of NOTES) {
    const at = text.search(pattern);
    if (at >= 0 && at < first) first = at;
  }
  if (first === text.length) return first;
  // A note's sentence starts before the words that give it away: 【万寿路街道退回：…
  let begins = text.startsWith("工单", first) ? first : 0;
  if (begins === 0) {
    for (const opening of text.slice(0, first).matchAll(OPENINGS)) begins = opening.index + opening[0].length;
  }
  return begins;
}

/** The text up to its first flow note (工单流转：…). */
export function said(text: string): string {
  return text.slice(0, notesFrom(text));
}

/** Full-width letters, digits and signs written half-width, one for one: lookups compare folded texts. */
export function fold(text: string): string {
  return text.replace(/[！-～]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}
