/** 抽访规则. Dated data: channels that the city does not call back, how a sample is cut by default, and whether its answers count. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, wordsOf } from "../rules/problem.ts";
import { STRATA, type Strata } from "./sample.ts";

export interface SamplingRules {
  /** Channels proposed for a sample; others may be chosen. */
  readonly channels: readonly string[];
  readonly strata: Strata;
  readonly size: number;
  readonly maxSize: number;
  /** Whether an answer stands in as the centre's own callback while there is no other: it then enters the rates. */
  readonly counted: boolean;
}

export function parseSamplingRules(input: unknown): Parsed<Version<SamplingRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["channels", "strata", "size", "maxSize", "counted"], say);
    const whole = (value: unknown, path: string): number => {
      if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 100_000)
        return value;
      say(path, "应为 1 到 100000 的整数");
      return 1;
    };
    const channels = listOf(body.channels, "body.channels", say).map((each, at) =>
      wordsOf(each, `body.channels[${at}]`, say),
    );
    if (channels.length === 0) say("body.channels", "应至少有一个渠道");
    const strata = STRATA.find((each) => each === body.strata);
    if (strata === undefined) say("body.strata", `应为 ${STRATA.join("、")} 之一`);
    if (typeof body.counted !== "boolean") say("body.counted", "应为 true 或 false");
    const [size, maxSize] = [whole(body.size, "body.size"), whole(body.maxSize, "body.maxSize")];
    if (size > maxSize) say("body.size", "不能大于样本量上限");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { channels, strata: strata ?? "channel", size, maxSize, counted: body.counted === true },
    };
  });
}
