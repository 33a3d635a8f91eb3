/** 诉求文本. What the caller said, apart from what offices wrote under it (工单流转); lengths never change, so positions hold. */

/** 工单流转：… with either colon, a comma, or nothing after it. Cut before any other note is looked for. */
const FLOW = /工单[流扭]转/u;

/**
 * Where offices' own notes begin. They name units that somebody already thought of: reading them would let a suggestion
 * copy an answer instead of finding it. [practice: exports of 2020]
 */
const NOTES: readonly RegExp[] = [
  /(?:[^。；;！？，,、：:【（(\s]{1,10}(?:退回|回复)[：:，,]?)?\s{0,4}来信人您好/u,
  /最终承办单位/u,
  /经(?:与|市)?[^，。；\n]{0,8}(?:区|街道|镇|中心|局|委)[^，。；\n]{0,8}(?:核实|了解|沟通)/u, // 经与海淀区核实——
  /注[：:]\s{0,4}经[^，。；\n]{0,6}(?:核实|了解|沟通)/u, // 注：经核实，
];

/** Notes that begin with an office's name, which stands before the words that give them away: 【万寿路街道|退回：… */
const ANSWERS: readonly RegExp[] = [
  /(?:街道|镇|地区|局|委|区|中心)(?:分中心)?(?:退回|回复)[：:，,]/u,
  /\s{0,4}进行了调查，并答复如下/u,
];
const NAME_BEFORE = /[^。；;！？，,、：:【（(\s]{0,12}$/u;

/** Index of the first flow note in the text; the text's length when there is none. */
export function notesFrom(text: string): number {
  const first = (patterns: readonly RegExp[], within: string): number =>
    Math.min(within.length, ...patterns.map((p) => within.search(p)).filter((at) => at >= 0));
  const flowless = text.slice(0, first([FLOW], text));
  const noted = flowless.slice(0, first(NOTES, flowless));
  const answered = first(ANSWERS, noted);
  return answered === noted.length ? answered : noted.slice(0, answered).search(NAME_BEFORE);
}

/** The text up to its first flow note (工单流转：…). */
export function said(text: string): string {
  return text.slice(0, notesFrom(text));
}

/** Full-width letters, digits and signs written half-width, one for one: lookups compare folded texts. */
export function fold(text: string): string {
  return text.replace(/[！-～]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}
