/** 三率排名. By period, group, scope and rule set; every figure opens into exactly the tickets that it counts. */
import { DownloadOutlined } from "@ant-design/icons";
import { rankChange, scoreChange } from "@jiesu/core/assessment/change.ts";
import { LEVEL_NAMES, LEVELS, type Level } from "@jiesu/core/assessment/level.ts";
import { COMPARISONS, MEASURE_NAMES, ON_TIME_NOTES } from "@jiesu/core/assessment/measures.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { type ReactNode, useId, useMemo, useState } from "react";
import { Problem, sentenceOf } from "../../api/problem.ts";
import type {
  Measure,
  RankGroup,
  RankReport,
  RankResult,
  RankRow,
  Trend,
  TrendUnit,
} from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import {
  measuresQuery,
  onTimeQuery,
  periodsQuery,
  rankBookAddress,
  rankQuery,
  rulesQuery,
  trendQuery,
} from "./queries.ts";
import { Segments } from "./Segments.tsx";
import type { CountedSearch, RankSearch } from "./search.ts";
import { TallyAlarm } from "./TallyAlarm.tsx";
import "./assessment.css";

/** So many periods make the small line of a row. */
const PERIODS = 8;

/** The figures of a row, in the order of the table; each a measure of the catalogue. */
const FIGURES = ["tickets", "base", "response", "solution", "satisfaction"] as const;
const ADJUSTED = ["basic", "points"] as const;
/** With 基础得分 and 加减分 before the score where the rule set has them. */
export const figuresOf = (adjusts: boolean) => [...FIGURES, ...(adjusts ? ADJUSTED : []), "score"] as const;
const COUNTS = [
  "contacted",
  "solved",
  "partlySolved",
  "unsolved",
  "satisfied",
  "basicallySatisfied",
  "dissatisfied",
] as const;

export default function RankPage() {
  const search = useSearch({ from: "/assessment" });
  const rank = useQuery(rankQuery(search));
  const measures = useQuery(measuresQuery(search));
  const trend = useQuery(trendQuery(search, PERIODS));
  const [detailed, setDetailed] = useState(false);
  usePageKeys(ASSESSMENT.keys);
  return (
    <PageShell
      title={ASSESSMENT.title}
      about={ASSESSMENT.about}
      actions={
        <Button
          icon={<DownloadOutlined aria-hidden="true" />}
          href={rankBookAddress(
            { ...search, period: rank.data?.period.name, scope: rank.data?.scope },
            detailed,
          )}
        >
          {ASSESSMENT.excel}
        </Button>
      }
    >
      <AssessTabs />
      <TallyAlarm />
      <Pickers search={search} report={rank.data} detailed={detailed} setDetailed={setDetailed} />
      {rank.isPending ? (
        <Loading what={ASSESSMENT.counting} />
      ) : rank.error instanceof Problem && rank.error.code === "no-rule-set" ? (
        <EmptyState title={ASSESSMENT.noRules(LEVEL_NAMES[levelOf(search)])}>
          {ASSESSMENT.noRulesAbout}
        </EmptyState>
      ) : rank.isError ? (
        <Failed sentence={sentenceOf(rank.error)} retry={() => void rank.refetch()} />
      ) : (
        <Report
          report={rank.data}
          measures={measures.data ?? []}
          trend={trend.data}
          search={search}
          detailed={detailed}
        />
      )}
    </PageShell>
  );
}

const levelOf = (search: RankSearch): Level => search.level ?? "district";

function Pickers(props: {
  search: RankSearch;
  report: RankReport | undefined;
  detailed: boolean;
  setDetailed: (on: boolean) => void;
}) {
  const { search, report } = props;
  const navigate = useNavigate({ from: "/assessment" });
  const periods = useQuery(periodsQuery);
  const rules = useQuery(rulesQuery);
  const change = (next: Partial<RankSearch>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const level = levelOf(search);
  const ofLevel = rules.data?.filter((set) => set.level === level) ?? [];
  const groups = [...new Set(ofLevel.flatMap((set) => set.groups))];
  return (
    <search className="rank-pickers">
      <Pick
        label={ASSESSMENT.period}
        value={search.period ?? report?.period.name}
        width={290}
        options={(periods.data ?? []).map((p) => ({
          value: p.name,
          label: `${p.name}（${ASSESSMENT.periodSpan(p.from, p.to)}）`,
        }))}
        onChange={(period) => change({ period })}
      />
      <Pick
        label={ASSESSMENT.level}
        value={level}
        width={96}
        options={LEVELS.map((each) => ({ value: each, label: LEVEL_NAMES[each] }))}
        onChange={(to) =>
          change({ level: to === "city" ? "city" : undefined, rules: undefined, group: undefined })
        }
      />
      <Pick
        label={ASSESSMENT.group}
        value={search.group ?? ""}
        width={120}
        options={[{ value: "", label: ASSESSMENT.allGroups }, ...groups.map((g) => ({ value: g, label: g }))]}
        onChange={(group) => change({ group: group || undefined })}
      />
      <Pick
        label={ASSESSMENT.scope}
        value={search.scope ?? report?.scope}
        width={160}
        options={[
          { value: "all", label: ASSESSMENT.scopeAll },
          { value: "assessed", label: ASSESSMENT.scopeAssessed },
        ]}
        onChange={(scope) => change({ scope: scope === "all" ? "all" : "assessed" })}
      />
      <Pick
        label={ASSESSMENT.rules}
        value={search.rules ?? report?.rules.name}
        width={220}
        options={ofLevel.map((set) => ({
          value: set.name,
          label: set.inForceToday ? `${set.title} · ${ASSESSMENT.inForce}` : set.title,
        }))}
        onChange={(name) => change({ rules: name })}
      />
      <label className="rank-detail">
        <input
          type="checkbox"
          checked={props.detailed}
          onChange={(e) => props.setDetailed(e.target.checked)}
        />{" "}
        {ASSESSMENT.withCounts}
      </label>
    </search>
  );
}

function Pick(props: {
  label: string;
  value: string | undefined;
  width: number;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="rank-pick">
      <label htmlFor={id}>{props.label}</label>
      <Select
        id={id}
        value={props.value ?? null}
        style={{ width: props.width, maxWidth: "100%" }}
        popupMatchSelectWidth={false}
        options={props.options}
        onChange={(value) => value !== null && props.onChange(value)}
      />
    </div>
  );
}

function Report(props: {
  report: RankReport;
  measures: readonly Measure[];
  trend: Trend | undefined;
  search: RankSearch;
  detailed: boolean;
}) {
  const { report } = props;
  const shown = report.groups.filter((group) => group.units.length > 0);
  const stands = useQuery(onTimeQuery(props.search)).data?.stands ?? "live";
  return (
    <>
      {report.rules.trial && <Notice tone="near">{ASSESSMENT.trial(report.rules.title)}</Notice>}
      <p className="quiet rank-about">
        {ASSESSMENT.periodSpan(report.period.from, report.period.to)} · {report.scopeZh} ·{" "}
        {report.rules.title} · {ASSESSMENT.asOf(minuteText(report.asOf))}
      </p>
      <Segments of={report.rules.segments} />
      {stands === "unfrozen" && <Notice>{ON_TIME_NOTES.unfrozen}</Notice>}
      {shown.length === 0 ? (
        <EmptyState title={ASSESSMENT.nothing}>{ASSESSMENT.nothingAbout}</EmptyState>
      ) : (
        shown.map((group) => <Group key={group.group ?? ""} {...props} group={group} />)
      )}
      <details className="rank-notes">
        <summary>{ASSESSMENT.howRanked}</summary>
        <ul>
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
          {stands !== "live" && <li>{ON_TIME_NOTES[stands]}</li>}
          <li>
            {ASSESSMENT.source}：{report.rules.source}
          </li>
        </ul>
      </details>
    </>
  );
}

function Group(props: Parameters<typeof Report>[0] & { group: RankGroup }) {
  const { report, group, search, measures, trend } = props;
  const navigate = useNavigate();
  const onTime = useQuery(onTimeQuery(search));
  const onTimeMeasure = measures.find((each) => each.key === "onTime");
  const trends = useMemo(() => new Map(trend?.units.map((each) => [each.unit.id, each])), [trend]);
  const openUnit = (row: RankRow) =>
    void navigate({ to: "/assessment/unit", search: { ...asked, group: undefined, unit: row.unit.id } });
  // Without a rule set of its own, a closed period opens into what was frozen.
  const asked = { ...search, period: report.period.name, scope: report.scope };
  const figures = figuresOf(report.adjusts);
  const keys: readonly FigureKey[] = props.detailed ? [...figures, ...COUNTS] : figures;
  const columns: Column<RankRow>[] = [
    {
      key: "rank",
      title: COMPARISONS.rank.name,
      definition: COMPARISONS.rank.definition,
      align: "center",
      width: 56,
      cell: (row) => (row.rank === null ? <span className="quiet">—</span> : <strong>{row.rank}</strong>),
    },
    {
      key: "unit",
      title: ASSESSMENT.unit,
      cell: (row) => (
        <span title={row.unit.name}>
          <Link
            to="/assessment/unit"
            search={{ ...asked, group: undefined, unit: row.unit.id }}
            title={ASSESSMENT.openUnit(row.unit.name)}
            className={row.unranked ? "in-words" : ""}
          >
            {row.unit.shortName}
          </Link>
          {row.unranked && <span className="quiet">（{row.unranked}）</span>}
        </span>
      ),
      total: ASSESSMENT.total,
    },
    ...keys.map((key): Column<RankRow> => {
      const measure = measures.find((m) => m.key === key);
      return {
        key,
        title: measure?.name ?? key,
        align: "right",
        nowrap: true,
        ...(measure ? { definition: <Definition of={measure} /> } : {}),
        cell: (row) => (
          <Figure
            of={row}
            figure={key}
            to={{ ...asked, group: undefined, unit: row.unit.id, measure: measure?.opens ?? key }}
            label={`${row.unit.shortName} ${measure?.name ?? key}`}
          />
        ),
        total: (
          <Figure
            of={group.total}
            figure={key}
            to={{ ...asked, group: group.group ?? undefined, measure: measure?.opens ?? key }}
            label={`${group.group ?? ""} ${measure?.name ?? key}`}
          />
        ),
      };
    }),
    ...changeColumns(trends),
    {
      key: "onTime",
      title: MEASURE_NAMES.onTime,
      align: "right",
      nowrap: true,
      ...(onTimeMeasure ? { definition: <Definition of={onTimeMeasure} /> } : {}),
      cell: (row) => {
        if (!onTime.data) return "";
        const of = onTime.data.rows.find((each) => each.unitId === row.unit.id);
        if (!of) return <span className="quiet">—</span>;
        return (
          <Link
            to="/assessment/tickets"
            search={{ ...asked, group: undefined, unit: row.unit.id, measure: "onTime" }}
            aria-label={`${row.unit.shortName} ${MEASURE_NAMES.onTime} ${of.text}`}
            title={ASSESSMENT.onTimeOf(of.onTime, of.due)}
          >
            {of.text}
          </Link>
        );
      },
    },
    densityColumn(measures),
    trendColumn(trends),
  ];
  return (
    <section className="card rank-group">
      <header className="card-head">
        <h2>{group.group ?? ASSESSMENT.noGroup}</h2>
        <span className="quiet">{ASSESSMENT.rankedOf(group.ranked, group.units.length)}</span>
      </header>
      <WorkTable
        label={`${ASSESSMENT.title} ${group.group ?? ASSESSMENT.noGroup}`}
        columns={columns}
        rows={group.units}
        rowKey={(row) => row.unit.id}
        onOpen={openUnit}
        withTotal
      />
    </section>
  );
}

/** Against the period before. */
function changeColumns(trends: ReadonlyMap<string, TrendUnit>): readonly Column<RankRow>[] {
  const before = (row: RankRow) => trends.get(row.unit.id)?.points.at(-2) ?? null;
  const digits = (row: RankRow) => /\.(\d+)/.exec(row.text.score)?.[1]?.length ?? 0;
  const wait = (row: RankRow) => !trends.has(row.unit.id);
  return [
    {
      key: "rankChange",
      title: COMPARISONS.rankChange.name,
      definition: COMPARISONS.rankChange.definition,
      align: "right",
      nowrap: true,
      cell: (row) => (wait(row) ? "" : rankChange(row.rank, before(row)?.rank ?? null)),
    },
    {
      key: "scoreChange",
      title: COMPARISONS.scoreChange.name,
      definition: COMPARISONS.scoreChange.definition,
      align: "right",
      nowrap: true,
      cell: (row) => (wait(row) ? "" : scoreChange(row.score, before(row)?.score ?? null, digits(row))),
    },
  ];
}

/** 万人诉求比, saying why where there is none. */
function densityColumn(measures: readonly Measure[]): Column<RankRow> {
  const measure = measures.find((each) => each.key === "density");
  return {
    key: "density",
    title: measure?.name ?? "",
    ...(measure ? { definition: <Definition of={measure} /> } : {}),
    align: "right",
    nowrap: true,
    cell: ({ density }) => <Density of={density} />,
  };
}

export function Density({ of: density }: { of: RankRow["density"] }) {
  if (density.missing)
    return (
      <span className="quiet" title={density.missing}>
        {density.text}
      </span>
    );
  const about = ASSESSMENT.densityOf(density.year, density.people ?? 0, density.source);
  return <span title={about}>{density.text}</span>;
}

function trendColumn(trends: ReadonlyMap<string, TrendUnit>): Column<RankRow> {
  return {
    key: "trend",
    title: ASSESSMENT.trend(PERIODS),
    definition: ASSESSMENT.trendAbout(PERIODS),
    align: "right",
    width: 108,
    cell: (row) => {
      const unit = trends.get(row.unit.id);
      return unit ? <TrendLine of={unit} /> : "";
    },
  };
}

export function TrendLine({ of }: { of: TrendUnit }) {
  const told = of.points.map((point) => point?.text.score ?? "—").join("，");
  return (
    <Sparkline
      values={of.points.map((point) => point?.score ?? null)}
      label={ASSESSMENT.trendOf(of.unit.shortName, told)}
    />
  );
}

type FigureKey = ReturnType<typeof figuresOf>[number] | (typeof COUNTS)[number];

/** A figure that opens into its tickets; nothing to open where nothing was counted. */
export function Figure(props: { of: RankResult; figure: FigureKey; to: CountedSearch; label: string }) {
  const shown = textOf(props.of, props.figure);
  if (shown === "—" || shown === "0") return <span className="quiet">{shown}</span>;
  if (props.figure === "points") return <Points {...props} shown={shown} />;
  return (
    <Link to="/assessment/tickets" search={props.to} aria-label={`${props.label} ${shown}`}>
      {shown}
    </Link>
  );
}

/** 加减分 open into the items that were given; those of a total row are a mean, and open into nothing. */
function Points({ to, label, shown }: { to: CountedSearch; label: string; shown: string }) {
  if (to.unit === undefined) return shown;
  return (
    <Link
      to="/assessment/adjustments"
      search={{ period: to.period, level: to.level, unit: to.unit, state: "approved" }}
      aria-label={`${label} ${shown}`}
    >
      {shown}
    </Link>
  );
}

function textOf(result: RankResult, figure: FigureKey): string {
  return isText(figure) ? result.text[figure] : String(result[figure]);
}

/** Rates and scores have a text of their own; counts are told as they are. */
const TEXTS = ["response", "solution", "satisfaction", "basic", "points", "score"] as const;
const isText = (figure: FigureKey): figure is (typeof TEXTS)[number] => TEXTS.some((each) => each === figure);

export function Definition({ of: measure }: { of: Measure }): ReactNode {
  return (
    <dl className="definition">
      <dt>{measure.name}</dt>
      <dd>{measure.definition}</dd>
      {measure.numerator && (
        <dd>
          {measure.denominator ? ASSESSMENT.numerator : ASSESSMENT.formula}：{measure.numerator}
        </dd>
      )}
      {measure.denominator && (
        <dd>
          {ASSESSMENT.denominator}：{measure.denominator}
        </dd>
      )}
      <dd>{measure.scope}</dd>
      <dd>
        {ASSESSMENT.source}：{measure.source}
      </dd>
    </dl>
  );
}
