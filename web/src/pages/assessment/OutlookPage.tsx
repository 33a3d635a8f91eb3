/** 测算. Every unit's rank of the period so far and where it will end, with its spread; a unit's people see their own line. */
import { rankChange } from "@jiesu/core/assessment/change.ts";
import { LEVEL_NAMES, LEVELS } from "@jiesu/core/assessment/level.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Problem, sentenceOf } from "../../api/problem.ts";
import type { AheadUnit, Outlook } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { OUTLOOK } from "../../texts/outlook.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { outlookQuery } from "./outlookqueries.ts";
import { PeriodPick, Pick } from "./PeriodPick.tsx";
import { RangeBar } from "./RangeBar.tsx";
import type { RankSearch } from "./search.ts";
import { Trust } from "./Trust.tsx";
import "./assessment.css";
import "./outlook.css";

export default function OutlookPage() {
  const search: RankSearch = useSearch({ from: "/assessment/outlook" });
  const outlook = useQuery(outlookQuery(search));
  usePageKeys(OUTLOOK.keys);
  return (
    <PageShell title={OUTLOOK.title} about={OUTLOOK.about}>
      <AssessTabs />
      <Pickers search={search} outlook={outlook.data} />
      {outlook.isPending ? (
        <Loading what={OUTLOOK.reckoning} />
      ) : outlook.error instanceof Problem && outlook.error.code === "no-rule-set" ? (
        <EmptyState title={OUTLOOK.noRules(LEVEL_NAMES[search.level ?? "district"])}>
          {OUTLOOK.noRulesAbout}
        </EmptyState>
      ) : outlook.isError ? (
        <Failed sentence={sentenceOf(outlook.error)} retry={() => void outlook.refetch()} />
      ) : (
        <Ahead outlook={outlook.data} search={search} />
      )}
    </PageShell>
  );
}

const ALL = "";

function Pickers({ search, outlook }: { search: RankSearch; outlook: Outlook | undefined }) {
  const navigate = useNavigate({ from: "/assessment/outlook" });
  const change = (next: Partial<RankSearch>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const groups = [...new Set(outlook?.units.map(({ group }) => group ?? ALL))].filter(
    (group) => group !== ALL,
  );
  return (
    <PeriodPick period={search.period ?? outlook?.period.name} onChange={(period) => change({ period })}>
      <Pick
        label={ASSESSMENT.level}
        value={search.level ?? "district"}
        options={LEVELS.map((value) => ({ value, label: LEVEL_NAMES[value] }))}
        onChange={(level) => change({ level: level === "city" ? "city" : undefined, group: undefined })}
      />
      {groups.length > 1 && (
        <Pick
          label={ASSESSMENT.group}
          value={search.group ?? ALL}
          options={[
            { value: ALL, label: ASSESSMENT.allGroups },
            ...groups.map((group) => ({ value: group, label: group })),
          ]}
          onChange={(group) => change({ group: group || undefined })}
        />
      )}
      <Pick
        label={ASSESSMENT.scope}
        value={search.scope ?? "assessed"}
        options={[
          { value: "assessed", label: ASSESSMENT.scopeAssessed },
          { value: "all", label: ASSESSMENT.scopeAll },
        ]}
        onChange={(scope) => change({ scope: scope === "all" ? "all" : undefined })}
      />
    </PeriodPick>
  );
}

function Ahead({ outlook, search }: { outlook: Outlook; search: RankSearch }) {
  const shown = outlook.units.filter(({ group }) => search.group === undefined || group === search.group);
  const groups = Map.groupBy(shown, ({ group }) => group);
  return (
    <>
      {outlook.rules.trial && <Notice tone="near">{OUTLOOK.trial(outlook.rules.title)}</Notice>}
      {outlook.closed ? (
        <Notice>{OUTLOOK.closed}</Notice>
      ) : outlook.units.every(({ endScore }) => endScore === null) ? (
        <Notice>{OUTLOOK.tooEarly}</Notice>
      ) : (
        <Trust outlook={outlook} />
      )}
      {groups.size === 0 ? (
        <EmptyState title={OUTLOOK.nothing}>{OUTLOOK.nothingAbout}</EmptyState>
      ) : (
        [...groups].map(([group, units]) => (
          <Group key={group ?? ALL} group={group} units={units} outlook={outlook} search={search} />
        ))
      )}
    </>
  );
}

function Group(props: {
  group: string | null;
  units: readonly AheadUnit[];
  outlook: Outlook;
  search: RankSearch;
}) {
  const { group, units, search } = props;
  const navigate = useNavigate();
  const name = group ?? ASSESSMENT.noGroup;
  const asked = { ...search, group: undefined };
  const open = (row: AheadUnit) =>
    void navigate({ to: "/assessment/outlook/$unit", params: { unit: row.unit.id }, search: asked });
  return (
    <section className="card rank-group">
      <header className="card-head">
        <h2>{name}</h2>
        <span className="quiet">{ASSESSMENT.rankedOf(units[0]?.ranked ?? 0, units.length)}</span>
      </header>
      <WorkTable
        label={`${OUTLOOK.title} ${name}`}
        columns={columnsOf(props.outlook, units, asked)}
        rows={units}
        rowKey={(row) => row.unit.id}
        onOpen={open}
      />
    </section>
  );
}

const dash = <span className="quiet">{OUTLOOK.none}</span>;

function columnsOf(
  outlook: Outlook,
  units: readonly AheadUnit[],
  asked: RankSearch,
): readonly Column<AheadUnit>[] {
  const text = (score: number): string => score.toFixed(outlook.scoreDigits);
  const known = units.flatMap(({ endScore, score }) => [
    ...(endScore ? [endScore.low, endScore.high] : []),
    ...(score === null ? [] : [score]),
  ]);
  const [from, to] = [Math.min(...known), Math.max(...known)];
  return [
    {
      key: "rank",
      title: OUTLOOK.rankNow,
      align: "center",
      width: 64,
      cell: (row) => (row.rank === null ? dash : <strong>{row.rank}</strong>),
    },
    {
      key: "unit",
      title: OUTLOOK.unit,
      cell: (row) => (
        <span title={row.unit.name}>
          <Link
            to="/assessment/outlook/$unit"
            params={{ unit: row.unit.id }}
            search={asked}
            title={OUTLOOK.openLevers(row.unit.name)}
            className={row.unranked ? "in-words" : ""}
          >
            {row.unit.shortName}
          </Link>
          {row.unranked && <span className="quiet">（{row.unranked}）</span>}
        </span>
      ),
    },
    {
      key: "score",
      title: OUTLOOK.scoreNow,
      align: "right",
      nowrap: true,
      cell: (row) =>
        row.score === null ? (
          dash
        ) : (
          <Link
            to="/assessment/tickets"
            search={{ ...asked, period: outlook.period.name, unit: row.unit.id, measure: "base" }}
            aria-label={`${row.unit.shortName} ${OUTLOOK.scoreNow} ${row.scoreText}`}
          >
            {row.scoreText}
          </Link>
        ),
    },
    {
      key: "open",
      title: OUTLOOK.open,
      definition: OUTLOOK.openAbout,
      align: "right",
      nowrap: true,
      cell: (row) =>
        row.open === 0 ? (
          <span className="quiet">0</span>
        ) : (
          <Link
            to="/assessment/outlook/$unit"
            params={{ unit: row.unit.id }}
            search={asked}
            aria-label={`${row.unit.shortName} ${OUTLOOK.open} ${row.open}`}
          >
            {row.open}
          </Link>
        ),
    },
    {
      key: "toCome",
      title: OUTLOOK.toCome,
      definition: OUTLOOK.toComeAbout,
      align: "right",
      nowrap: true,
      cell: (row) => (row.endScore === null ? dash : row.toCome),
    },
    {
      key: "endScore",
      title: OUTLOOK.endScore,
      align: "right",
      nowrap: true,
      cell: ({ endScore }) => (endScore === null ? dash : <strong>{text(endScore.middle)}</strong>),
    },
    {
      key: "range",
      title: OUTLOOK.range,
      definition: OUTLOOK.rangeAbout,
      width: 300,
      nowrap: true,
      cell: ({ unit, endScore, score, scoreText }) =>
        endScore === null ? (
          dash
        ) : (
          <span className="range-cell">
            <RangeBar
              {...endScore}
              now={score}
              from={from}
              to={to}
              label={OUTLOOK.rangeOf(
                unit.shortName,
                text(endScore.middle),
                text(endScore.low),
                text(endScore.high),
                scoreText,
              )}
            />
            <span className="range-ends">
              {text(endScore.low)}–{text(endScore.high)}
            </span>
          </span>
        ),
    },
    {
      key: "endRank",
      title: OUTLOOK.endRank,
      definition: OUTLOOK.endRankAbout,
      align: "right",
      nowrap: true,
      cell: ({ endRank }) =>
        endRank === null ? dash : OUTLOOK.ranks(endRank.middle, endRank.low, endRank.high),
    },
    {
      key: "change",
      title: OUTLOOK.change,
      definition: OUTLOOK.changeAbout,
      align: "right",
      nowrap: true,
      cell: ({ rank, endRank }) => rankChange(endRank?.middle ?? null, rank),
    },
  ];
}
