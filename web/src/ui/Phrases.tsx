/** 常用语. Ready sentences; one press puts one in. */
export function Phrases(props: {
  readonly label: string;
  readonly phrases: readonly string[];
  readonly onPick: (phrase: string) => void;
}) {
  if (props.phrases.length === 0) return null;
  return (
    <ul className="phrases" aria-label={props.label}>
      {props.phrases.map((phrase) => (
        <li key={phrase}>
          <button type="button" onClick={() => props.onPick(phrase)}>
            {phrase}
          </button>
        </li>
      ))}
    </ul>
  );
}
