/**
 * 用语检查. What is asked about a move's words before it is made: contradictions, citizens' numbers, words that an office
 * does not say, reports that say nothing. None of it refuses a move; what refuses is in decide.ts.
 */
import { maskText } from "../privacy/mask.ts";
import type { Move } from "./lifecycle.ts";

export interface Doubt {
  /** The field of the move's input, "text". */
  readonly field: string;
  readonly code: "contradiction" | "personal-data" | "forbidden" | "too-short";
  readonly zh: string;
  /** The same words without the fault, where a machine can mend it. */
  readonly mended?: string;
}

const SAYS_SOLVED =
  /(?<![未没不])(?:已|已经|均已|现已)(?:全部|彻底|妥善|圆满)?(?:解决|修复|办结|整改完(?:毕|成)|处理完(?:毕|成)|恢复正常)/;
const SAYS_UNSOLVED = /(?:未能?|尚未|没有|无法|暂不能|不能)(?:得到|彻底|完全)?(?:解决|修复|办结|处理|整改)/;
const SAYS_UNHAPPY = /(?:表示|仍|很|感到)?不满意|(?:意见|情绪)很大/;
const SAYS_HAPPY = /(?:表示|很|感到|较)满意|(?:表示|致以)感谢/;

/** Words of the office [ours]: what a citizen must not read, and what may be said instead. */
const FORBIDDEN: readonly { readonly said: RegExp; readonly word: string; readonly better: string }[] = [
  { said: /不归(?:我们?|本单位|这里)管/, word: "不归我们管", better: "写明主管单位并说明如何转办" },
  {
    said: /(?:我们?)?(?:也)?没(?:有)?办法|无能为力/,
    word: "没办法",
    better: "写明依据、已做的工作和后续安排",
  },
  { said: /爱找谁找谁|随便(?:投诉|反映|他)/, word: "爱找谁找谁", better: "写明可以向哪里反映" },
  { said: /无理取闹|胡搅蛮缠|刁民|闹事/, word: "无理取闹", better: "客观写明诉求和沟通经过" },
  { said: /自己想办法|自行解决吧/, word: "自己想办法", better: "写明可以得到的帮助和途径" },
];

const SHORTEST_REPORT = 10;

/** Doubts about the words of one move, in the order of its fields. `input` is what the form holds so far. */
export function doubtsOf(move: Move, input: Readonly<Record<string, unknown>>): readonly Doubt[] {
  const found: Doubt[] = [];
  for (const [field, value] of Object.entries(input)) {
    if (typeof value !== "string" || value.trim() === "") continue;
    const { text, masked } = maskText(value);
    if (masked)
      found.push({
        field,
        code: "personal-data",
        zh: "文中有电话或证件号码，凡能看到本单的人都会看到。",
        mended: text,
      });
    for (const { said, word, better } of FORBIDDEN)
      if (said.test(value)) found.push({ field, code: "forbidden", zh: `不宜写“${word}”，请${better}。` });
    if (move === "report" && field === "text" && [...value.trim()].length < SHORTEST_REPORT)
      found.push({ field, code: "too-short", zh: "办理情况过短，请写明何时联系、如何办理、结果如何。" });
    const against = contradiction(move, field, value, input);
    if (against !== null) found.push({ field, code: "contradiction", zh: against });
  }
  return found;
}

function contradiction(
  move: Move,
  field: string,
  words: string,
  input: Readonly<Record<string, unknown>>,
): string | null {
  const saysSolved = SAYS_SOLVED.test(words);
  const saysUnsolved = SAYS_UNSOLVED.test(words);
  if (move === "report" && field === "text") {
    if (input.outcome === "solved" && saysUnsolved && !saysSolved)
      return "办理结果选了“已解决”，文中却写未解决，请核对。";
    if (input.outcome === "unsolved" && saysSolved && !saysUnsolved)
      return "办理结果选了“未解决”，文中却写已解决，请核对。";
  }
  if ((move === "callback" || move === "cityResult") && (field === "reason" || field === "note")) {
    const { solved, satisfied } = answersOf(input.answers);
    if (solved === "no" && saysSolved && !saysUnsolved)
      return "是否解决选了“未解决”，文中却写已解决，请核对。";
    if (solved === "yes" && saysUnsolved && !saysSolved)
      return "是否解决选了“解决”，文中却写未解决，请核对。";
    if (satisfied === "satisfied" && SAYS_UNHAPPY.test(words))
      return "是否满意选了“满意”，文中却写不满意，请核对。";
    if (satisfied === "dissatisfied" && SAYS_HAPPY.test(words) && !SAYS_UNHAPPY.test(words))
      return "是否满意选了“不满意”，文中却写满意，请核对。";
  }
  return null;
}

function answersOf(value: unknown): { readonly solved?: unknown; readonly satisfied?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}
