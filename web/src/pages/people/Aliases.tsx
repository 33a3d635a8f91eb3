/** 单位别名. Other names that files write for the unit, one by one added and taken off; those of merged units beside them. */
import { CloseOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Unit } from "../../api/types.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { refreshUnits } from "./queries.ts";

export function Aliases(props: { unit: Unit; adds: boolean; removes: boolean }) {
  const { unit } = props;
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [typed, setTyped] = useState("");
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === "") return;
    try {
      await bodyOf(
        http.POST("/api/units/{id}/aliases", {
          params: { path: { id: unit.id } },
          body: { alias: typed.trim() },
        }),
      );
      say(PEOPLE.aliasAdded(typed.trim()));
      setTyped("");
      setAdding(false);
      refreshUnits(queries);
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  const remove = async (alias: string) => {
    try {
      await bodyOf(
        http.DELETE("/api/units/{id}/aliases/{alias}", { params: { path: { id: unit.id, alias } } }),
      );
      say(PEOPLE.aliasRemoved(alias));
      refreshUnits(queries);
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  return (
    <span className="aliases">
      {unit.aliases.map((alias) => (
        <span key={alias} className="query-chip">
          {alias}
          {props.removes && (
            <button type="button" aria-label={PEOPLE.removeAlias(alias)} onClick={() => void remove(alias)}>
              <CloseOutlined aria-hidden="true" style={{ fontSize: 10 }} />
            </button>
          )}
        </span>
      ))}
      {unit.inherited.map((n) => (
        <span key={n.name} className="query-chip" title={ADMIN.inherited(n.of)}>
          {n.name}
          <span className="quiet">（{ADMIN.inherited(n.of)}）</span>
        </span>
      ))}
      {adding ? (
        <form onSubmit={add} className="alias-form">
          <Input
            autoFocus
            aria-label={PEOPLE.newAlias(unit.shortName)}
            value={typed}
            maxLength={60}
            onChange={(e) => setTyped(e.target.value)}
            onKeyDown={(e) => e.key === "Escape" && setAdding(false)}
          />
          <Button htmlType="submit">{PEOPLE.add}</Button>
        </form>
      ) : (
        props.adds && (
          <Button type="link" aria-label={PEOPLE.newAlias(unit.shortName)} onClick={() => setAdding(true)}>
            {PEOPLE.addAlias}
          </Button>
        )
      )}
    </span>
  );
}
