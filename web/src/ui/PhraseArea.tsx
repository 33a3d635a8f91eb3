/** 长文本与常用语. A text box whose standard phrases are one key away: searched, most used first, put in where one writes. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Input, type InputRef } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { bodyOf, http } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { phrasesQuery } from "../api/queries.ts";
import type { Phrase } from "../api/types.ts";
import { Phrases } from "./Phrases.tsx";
import { say, sayWrong } from "./toasts.tsx";

/** How many are in sight without asking. */
const CHIPS = 3;

export function PhraseArea(props: {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whose phrases: those of this move and those that serve every form. */
  readonly move: Phrase["move"];
  /** Ready sentences of the form itself, after the person's and the centre's. */
  readonly ready?: readonly string[];
  /** What stands for {工单编号}, {单位} and the like. */
  readonly fill?: Readonly<Record<string, string>>;
  readonly autoFocus?: boolean;
  readonly minRows?: number;
}) {
  const { value, onChange, move, ready = [], fill = {}, minRows = 3, ...control } = props;
  const area = useRef<TextAreaRef>(null);
  const [picking, setPicking] = useState(false);
  const phrases = usePhrases(move, ready);
  const putIn = (phrase: Choice) => {
    const box = area.current?.resizableTextArea?.textArea;
    const words = filled(phrase.text, fill);
    const [from, to] = box ? [box.selectionStart, box.selectionEnd] : [value.length, value.length];
    onChange(value.slice(0, from) + words + value.slice(to));
    setPicking(false);
    phrases.used(phrase);
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(from + words.length, from + words.length);
    });
  };
  const selection = () => {
    const box = area.current?.resizableTextArea?.textArea;
    const chosen = box ? value.slice(box.selectionStart, box.selectionEnd).trim() : "";
    return chosen || value.trim();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: one key opens the phrases from the box and its buttons
    <div
      onKeyDown={(e) => {
        if (!e.altKey || e.code !== "Slash") return;
        e.preventDefault();
        setPicking(!picking);
      }}
    >
      <Input.TextArea
        {...control}
        ref={area}
        value={value}
        autoSize={{ minRows, maxRows: 10 }}
        maxLength={20_000}
        aria-keyshortcuts="Alt+/"
        onChange={(e) => onChange(e.target.value)}
      />
      <div className="phrase-line">
        <Phrases
          label="常用语"
          phrases={phrases.all.slice(0, CHIPS).map((phrase) => filled(phrase.text, fill))}
          onPick={(words) => {
            const phrase = phrases.all.find((one) => filled(one.text, fill) === words);
            if (phrase) putIn(phrase);
          }}
        />
        <button
          type="button"
          className="phrase-more"
          aria-expanded={picking}
          onClick={() => setPicking(!picking)}
        >
          常用语 <kbd>Alt /</kbd>
        </button>
        {value.trim() !== "" && (
          <button
            type="button"
            className="phrase-more"
            title="存下选中的文字；没有选中时存下全文"
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => void phrases.save(selection())}
          >
            存为常用语
          </button>
        )}
      </div>
      {picking && (
        <Picker
          all={phrases.all}
          fill={fill}
          onPick={putIn}
          onClose={() => {
            setPicking(false);
            area.current?.focus();
          }}
        />
      )}
    </div>
  );
}

interface Choice {
  readonly id: string | null;
  readonly text: string;
  readonly from: "我的" | "中心" | "";
}

function Picker(props: {
  all: readonly Choice[];
  fill: Readonly<Record<string, string>>;
  onPick: (phrase: Choice) => void;
  onClose: () => void;
}) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<InputRef>(null);
  const listId = useId();
  useEffect(() => box.current?.focus(), []);
  const found = props.all.filter((phrase) => phrase.text.includes(words.trim()));
  const chosen = Math.min(at, found.length - 1);
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === "ArrowDown") setAt(Math.min(chosen + 1, found.length - 1));
    else if (e.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
    else if (e.key === "Escape") props.onClose();
    else if (e.key === "Enter" && !e.nativeEvent.isComposing) {
      const phrase = found[chosen];
      if (phrase) props.onPick(phrase);
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div className="phrase-picker">
      <Input
        ref={box}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-label="查找常用语"
        placeholder="输入几个字查找，↑↓ 选择，Enter 填入"
        value={words}
        {...(found[chosen] ? { "aria-activedescendant": `${listId}-${chosen}` } : {})}
        onChange={(e) => {
          setWords(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label="常用语" className="scrolls">
        {found.map((phrase, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the search box's
          <div
            key={`${phrase.id} ${phrase.text}`}
            id={`${listId}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => props.onPick(phrase)}
          >
            {filled(phrase.text, props.fill)}
            {phrase.from && <span className="quiet"> {phrase.from}</span>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="quiet">没有相符的常用语；写好后可“存为常用语”。</p>}
    </div>
  );
}

function usePhrases(move: Phrase["move"], ready: readonly string[]) {
  const queries = useQueryClient();
  const asked = phrasesQuery(move);
  const kept = useQuery(asked);
  const known = kept.data ?? [];
  const all: Choice[] = [
    ...known.map((p): Choice => ({ id: p.id, text: p.text, from: p.centre ? "中心" : "我的" })),
    ...ready
      .filter((text) => !known.some((p) => p.text === text))
      .map((text): Choice => ({ id: null, text, from: "" })),
  ];
  const renew = () => queries.invalidateQueries({ queryKey: ["phrases"] });
  return {
    all,
    used: (phrase: Choice) => {
      if (phrase.id === null) return;
      // A count for the order; the next reading of the list shows it, and nobody waits for it.
      http.POST("/api/phrases/{id}/used", { params: { path: { id: phrase.id } } }).catch(() => {});
    },
    save: async (text: string) => {
      try {
        await bodyOf(http.POST("/api/phrases", { body: { text: text.slice(0, 1000), move, centre: false } }));
        say("已存为我的常用语");
        await renew();
      } catch (thrown) {
        sayWrong(sentenceOf(thrown));
      }
    },
  };
}

/** The words with what stands for their placeholders; one that nothing stands for is left to be seen. */
function filled(text: string, fill: Readonly<Record<string, string>>): string {
  return text.replace(/\{([^{}]{1,12})\}/g, (whole, name: string) => fill[name] || whole);
}
