/** A figure of a batch, which opens into the applications that it counts. */
import { Link } from "@tanstack/react-router";

export function Opened(props: {
  readonly id: string;
  readonly n: number;
  /** The state that it counts; undefined for all. */
  readonly only: "upheld" | "denied" | "sent" | undefined;
}) {
  if (props.n === 0) return 0;
  return (
    <Link to="/exemption/batches/$id" params={{ id: props.id }} search={{ only: props.only }}>
      {props.n}
    </Link>
  );
}
