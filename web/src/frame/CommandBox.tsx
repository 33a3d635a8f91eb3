/** 搜索与命令 (Ctrl+K). Tickets, units, pages, queues, commands and the moves of the open ticket, from one box. */
import { Input } from "antd";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { T } from "../texts.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { type Option, useCommands, useFound, useRecent } from "./commandOptions.tsx";

const REST_MS = 200;

export default function CommandBox(props: {
  onClose: () => void;
  onPanel: (panel: "help" | "inbox") => void;
}) {
  const { onClose } = props;
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const words = useRested(typed.trim());
  const recent = useRecent();
  const found = useFound(words);
  const commands = useCommands(props.onPanel);
  const given = commands.filter((c) => matches(c.text, typed));
  const moves = given.filter((c) => c.group === T.command.moves);
  const rest = given.filter((c) => c.group !== T.command.moves);
  const options = [...(typed.trim() === "" ? recent.options : []), ...moves, ...found.options, ...rest];
  const chosen = Math.max(0, Math.min(at, options.length - 1));
  const run = (option: Option | undefined) => {
    if (!option) return;
    if (option.keepsOpen) return option.run();
    onClose();
    if (option.link) recent.remember(option.link);
    // The box is gone before the thing begins: what it opens may take the focus.
    setTimeout(option.run, 0);
  };
  return (
    <Dialog title={T.command.title} onClose={onClose} width={640}>
      <Input
        className="command-input"
        size="large"
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={options[chosen] ? `${listId}-${chosen}` : undefined}
        aria-label={found.phoneAllowed ? T.command.hintPhone : T.command.hint}
        placeholder={found.phoneAllowed ? T.command.hintPhone : T.command.hint}
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (composing(e)) return;
          if (e.key === "ArrowDown") setAt(chosen + 1 < options.length ? chosen + 1 : 0);
          else if (e.key === "ArrowUp") setAt(chosen > 0 ? chosen - 1 : options.length - 1);
          else if (e.key === "Enter") run(options[chosen]);
          else return;
          e.preventDefault();
        }}
      />
      <div id={listId} role="listbox" aria-label={T.command.results} className="command-list scrolls">
        {options.map((option, i) => (
          <Row
            key={option.key}
            id={`${listId}-${i}`}
            option={option}
            heading={option.group === options[i - 1]?.group ? null : option.group}
            chosen={i === chosen}
            onRun={() => run(option)}
          />
        ))}
      </div>
      <p className="quiet command-foot" role="status">
        {found.searching ? T.command.searching : options.length === 0 ? T.command.none : T.command.keysHint}
      </p>
    </Dialog>
  );
}

/** Whether a Chinese input method is still making the word: its Enter and arrows are not ours. */
function composing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

function Row(props: {
  id: string;
  option: Option;
  heading: string | null;
  chosen: boolean;
  onRun: () => void;
}) {
  const { option } = props;
  useEffect(() => {
    if (props.chosen) document.getElementById(props.id)?.scrollIntoView({ block: "nearest" });
  }, [props.chosen, props.id]);
  return (
    <>
      {props.heading && <h3 role="presentation">{props.heading}</h3>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are answered by the box */}
      <div
        id={props.id}
        role="option"
        aria-selected={props.chosen}
        className="command-option"
        onClick={props.onRun}
      >
        <span>{option.mark}</span>
        <span>{option.text}</span>
        {option.aside && <span className="quiet">{option.aside}</span>}
      </div>
    </>
  );
}

function matches(text: string, typed: string): boolean {
  const words = typed.trim().toLowerCase();
  return words === "" || text.toLowerCase().includes(words);
}

/** What has been typed, once the hands rest. */
function useRested(words: string): string {
  const [rested, setRested] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setRested(words), REST_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return rested;
}
