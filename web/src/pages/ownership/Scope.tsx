/** 适用范围与现状. How a precedent's scope and standing are said, wherever it is shown. */
import { Tag } from "../../ui/Tag.tsx";
import type { Version } from "./queries.ts";

type Scoped = Pick<
  Version,
  "category1" | "category2" | "category3" | "street" | "community" | "spot" | "words"
>;

export function ScopeWords({ of }: { of: Scoped }) {
  const category = [of.category1, of.category2, of.category3].filter((level) => level !== "").join(" / ");
  const place = [of.street, of.community, of.spot].filter((each) => each !== "").join(" ");
  return (
    <>
      {[category, place].filter((words) => words !== "").join(" · ")}
      {of.words.length > 0 && <span className="quiet"> {of.words.join("、")}</span>}
    </>
  );
}

const TONES: Readonly<Record<Version["standing"], "strong" | "plain" | "near">> = {
  ...{ standing: "strong", draft: "near", coming: "near", expired: "plain" },
  ...{ amended: "plain", overruled: "plain", discarded: "plain" },
};

export function StandingTag({ of }: { of: Pick<Version, "standing" | "standingZh"> }) {
  return <Tag tone={TONES[of.standing]}>{of.standingZh}</Tag>;
}
