/**
 * Catalogue of measures 指标目录: each figure's name, definition, numerator, denominator, scope and source, once.
 * Screens, reports and exports take their words from here. It is a function of the rule set, so that what a
 * definition says is what was reckoned: change a weight and the words change with it.
 */
import { type AdjustmentRule, plainText } from "./adjustment.ts";
import {
  ANSWERS,
  type Answer,
  ENTRY_SCOPES,
  type EntryScope,
  QUESTION_NAMES,
  QUESTIONS,
  type Question,
  STAT_SCOPES,
  type StatScope,
} from "./entry.ts";
import { compare, decimalText, type Fraction, fraction, multiply, ONE, toNumber, ZERO } from "./fraction.ts";
import { ASKED, FIGURES, type Figure, type LeftOut } from "./rates.ts";
import type { BaseRule, RuleSet } from "./ruleset.ts";
import { daysText, lastOf, type Segment } from "./segments.ts";

export type MeasureKey = Figure | Question | "basic" | "points" | "score" | "density" | "onTime" | "late";

export interface Measure {
  readonly key: MeasureKey;
  /** 指标名称. */
  readonly name: string;
  readonly unit: "件" | "%" | "分" | "件/万人";
  /** 定义, one sentence. */
  readonly definition: string;
  /** 分子, null for a plain count. */
  readonly numerator: string | null;
  /** 分母, null for a plain count and for the score. */
  readonly denominator: string | null;
  /** 统计口径. */
  readonly scope: string;
  /** 依据. */
  readonly source: string;
  /** The figure whose tickets it opens into; 加减分 opens into the items that were given. */
  readonly opens: Figure | "items";
}

/** Every measure of assessment under this rule set, in the order screens show them. */
export function measures(rules: RuleSet): readonly Measure[] {
  const shared = {
    scope: STAT_SCOPES.map((scope) => scopeText(scope, rules)).join("；"),
    source: rules.source,
  };
  const counts = (["tickets", "base", ...QUESTIONS.flatMap(figuresOf)] as const).map((figure) => ({
    key: figure,
    name: FIGURE_NAMES[figure],
    unit: "件" as const,
    definition: figureDefinition(figure, rules.base),
    numerator: null,
    denominator: null,
    ...shared,
    opens: figure,
  }));
  const rates = QUESTIONS.map((question) => ({
    key: question,
    name: QUESTION_NAMES[question],
    unit: "%" as const,
    definition: `${FIGURE_NAMES[ASKED[question]]}中${RATE_WORDS[question]}的比例；基数为空时不计算，显示“—”`,
    numerator: earned(question, rules),
    denominator: FIGURE_NAMES[ASKED[question]],
    ...shared,
    opens: ASKED[question],
  }));
  const score = {
    key: "score" as const,
    name: MEASURE_NAMES.score,
    unit: "分" as const,
    definition: `${rules.adjustments ? "基础得分加已批准的加减分" : "三率按权重合成"}，百分制，四舍五入保留 ${rules.scoreDigits} 位小数；有权重的率无基数时不计分、不排名`,
    numerator: rules.adjustments ? `基础得分 + 加减分${boundsText(rules.adjustments)}` : weightedScore(rules),
    denominator: null,
    ...shared,
    opens: "base" as const,
  };
  const onTime = {
    key: "onTime" as const,
    name: MEASURE_NAMES.onTime,
    unit: "%" as const,
    definition:
      "应办结的件数（单位已反馈，或反馈时限已到而未反馈）中，每次反馈都在办理反馈时限之内的比例；不参与综合得分；封账后以封账时为准",
    numerator: "每次反馈都在时限之内的件数",
    denominator: "已反馈或反馈时限已到的件数",
    scope: shared.scope,
    source: "办理反馈时限，见时限规则",
    opens: "tickets" as const,
  };
  const late = {
    ...onTime,
    key: "late" as const,
    name: MEASURE_NAMES.late,
    unit: "件" as const,
    definition: "应办结的件数中，有反馈晚于办理反馈时限，或时限已到仍未反馈的件数；封账后以封账时为准",
    numerator: null,
    denominator: null,
  };
  return [...counts, ...rates, ...adjusted(rules, shared.scope), score, density(shared.scope), onTime, late];
}

/** 基础得分 and 加减分, where the rule set has points to give. */
function adjusted(rules: RuleSet, scope: string): readonly Measure[] {
  const { adjustments } = rules;
  if (adjustments === undefined) return [];
  const most = ({ bonus, penalty }: AdjustmentRule["most"]): string =>
    `每单位每期加分合计不超过 ${plainText(bonus)} 分、减分合计不超过 ${plainText(penalty)} 分`;
  return [
    {
      key: "basic",
      name: MEASURE_NAMES.basic,
      unit: "分",
      definition: `三率按权重合成，百分制，未含加减分；四舍五入保留 ${rules.scoreDigits} 位小数`,
      numerator: weightedScore(rules),
      denominator: null,
      scope,
      source: rules.source,
      opens: "base",
    },
    {
      key: "points",
      name: MEASURE_NAMES.points,
      unit: "分",
      definition: `本期已批准的加分减去减分，每项和合计都不超过规则所定；${most(adjustments.most)}`,
      numerator: "加分 − 减分",
      denominator: null,
      scope: "本单位、本期、本层级已批准的加减分，与统计口径无关；合计行为各单位的平均",
      source: [...new Set(adjustments.items.map((item) => item.source))].join("；") || rules.source,
      opens: "items",
    },
  ];
}

function density(scope: string): Measure {
  return {
    key: "density",
    name: MEASURE_NAMES.density,
    unit: "件/万人",
    definition: "件数除以本单位辖区考核期所在年份的常住人口，乘以一万；未登记该年人口的显示“—”，不以他年代替",
    numerator: "件数 × 10000",
    denominator: "考核期所在年份的常住人口",
    scope,
    source: "分类与人口页登记的常住人口及其依据",
    opens: "tickets",
  };
}

/** "，不低于 0 分、不高于 105 分". */
function boundsText({ score: { least, most } }: AdjustmentRule): string {
  return `，不低于 ${plainText(least)} 分、不高于 ${plainText(most)} 分`;
}

/** Every measure of days that several rule sets may part: where they say different things, each says it of its own days. */
export function measuresOver(segments: readonly Segment[]): readonly Measure[] {
  return measures(lastOf(segments).ruleSet).map((last) => {
    // What is not read of entries concerns the period as a whole.
    if (!OF_ENTRIES.has(last.key)) return last;
    const each = segments.map((segment) => ({ segment, measure: ofKey(last.key, segment.ruleSet) ?? last }));
    const told = (text: (measure: Measure) => string): string =>
      each.every(({ measure }) => text(measure) === text(last))
        ? text(last)
        : each.map(({ segment, measure }) => `${daysText(segment, segments)}：${text(measure)}`).join("；");
    return {
      ...last,
      definition: told((measure) => measure.definition),
      numerator: last.numerator === null ? null : told((measure) => measure.numerator ?? ""),
      scope: told((measure) => measure.scope),
      source: told((measure) => measure.source),
    };
  });
}

/** The measure a key names, null for a key that is not in the catalogue. */
export function measureOf(key: string, segments: readonly Segment[]): Measure | null {
  return measuresOver(segments).find((measure) => measure.key === key) ?? null;
}

const OF_ENTRIES: ReadonlySet<MeasureKey> = new Set([...FIGURES, ...QUESTIONS, "onTime", "late"]);

function ofKey(key: MeasureKey, rules: RuleSet): Measure | undefined {
  return measures(rules).find((measure) => measure.key === key);
}

/** The rules of ranking in words: minimum, ties, groups, total row. */
export function rankingNotes(rules: RuleSet): readonly string[] {
  const volume = FIGURE_NAMES[rules.volume];
  const ties = {
    volumeDesc: `同分时${volume}多者在前，仍相同则并列`,
    volumeAsc: `同分时${volume}少者在前，仍相同则并列`,
    shared: "同分并列，其后名次顺延",
    dense: "同分并列，其后名次不空缺",
  };
  return [
    `分组排名：${rules.groups.map((group) => group.name).join("、")}`,
    rules.rankBy === "rounded" ? "按四舍五入后的得分排名" : "按未取整的得分排名",
    ties[rules.ties],
    `${volume}不足 ${rules.minimumVolume} 件的单位列出但不排名`,
    ...(rules.adjustments === undefined
      ? []
      : [
          `综合得分含已批准的加减分${boundsText(rules.adjustments)}${rules.total === "pooled" ? "；合计行不含加减分" : ""}`,
        ]),
    ...rules.groups
      .filter((group) => group.classes !== undefined)
      .map((group) => `“${group.name}”为本期分类是${group.classes?.join("、")}的单位，单独排名`),
    rules.total === "mean" ? "合计行为各单位之率的平均值" : "合计行按全部工单合并计算",
  ];
}

/** 统计口径 and 考核口径 in users' words. */
export const STAT_SCOPE_NAMES: Readonly<Record<StatScope, string>> = {
  all: "全口径（含剔除）",
  assessed: "不含剔除",
};
export const ENTRY_SCOPE_NAMES: Readonly<Record<EntryScope, string>> = {
  full: "三率",
  responseOnly: "仅响应率",
  exempt: "不纳入",
};

const RATE_WORDS: Readonly<Record<Question, string>> = {
  response: "已联系诉求人",
  solution: "问题得到解决",
  satisfaction: "诉求人表示满意",
};

export const FIGURE_NAMES: Readonly<Record<Figure, string>> = {
  tickets: "件数",
  base: "有效回访",
  responseBase: "响应基数",
  contacted: "已联系",
  notContacted: "未联系",
  solutionBase: "解决基数",
  solved: "解决",
  partlySolved: "部分解决",
  unsolved: "未解决",
  satisfactionBase: "满意基数",
  satisfied: "满意",
  basicallySatisfied: "基本满意",
  dissatisfied: "不满意",
};

/** What every measure is called, on whatever screen, in whatever export: nobody writes these words a second time. */
export const MEASURE_NAMES: Readonly<Record<MeasureKey, string>> = {
  ...FIGURE_NAMES,
  ...QUESTION_NAMES,
  basic: "基础得分",
  points: "加减分",
  score: "综合得分",
  density: "万人诉求比",
  onTime: "按期办结率",
  late: "超期",
};

/** Places and changes: read off the measures of one period or two, under whichever rules these were. */
export const COMPARISONS = {
  rank: {
    name: "名次",
    definition: "在所属排名分组内按综合得分的先后，同分和参评下限依规则；未参加排名的不列名次",
  },
  rankChange: {
    name: "名次较上期",
    definition: "本期名次与上一考核期名次之差：升表示名次提前，降表示靠后；有一期未排名的不比较",
  },
  scoreChange: {
    name: "得分较上期",
    definition: "本期综合得分减上一考核期综合得分，均取页面所示的位数；有一期无得分的不比较",
  },
} as const satisfies Record<string, { readonly name: string; readonly definition: string }>;

/** What 按期办结率 of a closed period rests on, in users' words. */
export const ON_TIME_NOTES = {
  frozen: "按期办结率为封账时的数",
  unfrozen: "本期封账时尚未冻结按期办结率，按现在的时限情况计算",
} as const;

/** Why a ticket is outside a rate, in users' words. */
export const LEFT_OUT_NAMES: Readonly<Record<LeftOut, string>> = {
  scope: "不纳入本率",
  noValidCallback: "未有效回访",
  blank: "本题未答复",
  incomplete: "答复不全，按规则整件不计",
};

/** "不含剔除：仅响应率工单只计响应率，不纳入工单不计". */
function scopeText(scope: StatScope, rules: Pick<RuleSet, "scopes">): string {
  const limited = ENTRY_SCOPES.filter((each) => rules.scopes[scope][each].length < QUESTIONS.length);
  const texts = limited.map((each) => {
    const counted = rules.scopes[scope][each].map((question) => QUESTION_NAMES[question]);
    return `${ENTRY_SCOPE_NAMES[each]}工单${counted.length === 0 ? "不计" : `只计${counted.join("、")}`}`;
  });
  return `${STAT_SCOPE_NAMES[scope]}：${texts.length === 0 ? "全部工单计入三率" : texts.join("，")}`;
}

function figuresOf(question: Question): readonly Figure[] {
  return [ASKED[question], ...ANSWERS[question]];
}

function figureDefinition(figure: Figure, base: BaseRule): string {
  if (figure === "tickets") return "考核期内计入本口径的工单（同一工单重新派单的，每轮各计一件）";
  if (figure === "base") return `件数中回访有效的工单${SHARED_BASE[baseName(base)].base}`;
  const question = QUESTIONS.find((each) => figuresOf(each).includes(figure));
  if (question === undefined) throw new Error(`${figure} belongs to no question`);
  const asked = FIGURE_NAMES[ASKED[question]];
  if (figure !== ASKED[question]) return `${asked}中答复为“${FIGURE_NAMES[figure]}”的工单`;
  return `有效回访中计入${QUESTION_NAMES[question]}的工单，${SHARED_BASE[baseName(base)].blank}`;
}

/** What each base formula says of blanks. */
const SHARED_BASE = {
  perQuestion: { base: "", blank: "本题答复为空的不计入基数，也不计为“否”" },
  exclude: { base: "，任一题答复为空的整件不计", blank: "任一题答复为空的整件不计" },
  keep: { base: "，答复为空的仍计入", blank: "答复为空的仍计入基数" },
} as const;

function baseName(base: BaseRule): keyof typeof SHARED_BASE {
  return base.formula === "validCallback" ? base.blanks : base.formula;
}

/** "满意 + 0.9×基本满意": the answers that are worth something. */
function earned(question: Question, rules: Pick<RuleSet, "answers">): string {
  const answers: readonly Answer[] = ANSWERS[question];
  return answers
    .filter((answer) => compare(rules.answers[answer], ZERO) > 0)
    .map((answer) => `${times(rules.answers[answer])}${FIGURE_NAMES[answer]}`)
    .join(" + ");
}

function times(worth: Fraction): string {
  return compare(worth, ONE) === 0 ? "" : `${toNumber(worth)}×`;
}

function weightedScore(rules: Pick<RuleSet, "weights">): string {
  return `（${weighted(rules)}）×100`;
}

/** "响应率×10% + 解决率×50% + 满意率×40%". */
function weighted(rules: Pick<RuleSet, "weights">): string {
  const percent = (weight: Fraction) => decimalText(multiply(weight, fraction(100)), 4).replace(/\.?0+$/, "");
  return QUESTIONS.map((question) => `${QUESTION_NAMES[question]}×${percent(rules.weights[question])}%`).join(
    " + ",
  );
}
