/** 此刻轮到我的. Each of my queues with how many wait in it; opens the queue. */
import { Link } from "@tanstack/react-router";
import type { Home } from "../../api/types.ts";
import { HOME } from "../../texts/home.ts";

type Mine = Home["mine"][number];

export function MyQueues({ queues }: { queues: readonly Mine[] }) {
  return (
    <section className="home-mine" aria-label={HOME.mine} title={HOME.mineAbout}>
      <ul className="home-queues">
        {queues.map((queue) => (
          <li key={queue.key}>
            <Link to="/tickets" search={queue.open} className="home-queue" data-tone={toneOf(queue)}>
              <strong>{queue.count}</strong>
              <span>{queue.zh}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function toneOf({ key, count }: Mine): string {
  if (count === 0) return "none";
  if (key.endsWith("overdue")) return "overdue";
  return key.endsWith("near") ? "near" : "mine";
}
