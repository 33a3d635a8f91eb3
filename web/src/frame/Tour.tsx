/** 五分钟导览. Quiet words beside the real things, one page after another; arrows go on, Esc leaves, nothing is lost. */
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Tour as AntTour } from "antd";
import { useEffect, useState } from "react";
import { rolesOf, useSession } from "../api/session.ts";
import { T } from "../texts.ts";
import { useTour } from "./touring.ts";
import { stepsFor } from "./tourSteps.ts";

const WAIT_MS = 3_000;
const LOOK_MS = 100;
const words = T.frame.tour;

export default function Tour() {
  const session = useSession();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const tour = useTour();
  const steps = stepsFor(rolesOf(session));
  const at = Math.min(tour.at, steps.length - 1);
  const step = steps[at];
  const away = step?.to !== undefined && step.to !== path;
  useEffect(() => {
    if (away && step?.to) void navigate({ to: step.to });
  }, [away, step, navigate]);
  const target = useElement(step && !away ? step.at : null);
  if (!step) return null;
  return (
    <AntTour
      open={target !== "waiting"}
      current={at}
      onChange={tour.go}
      onClose={() => tour.leave(false)}
      onFinish={() => tour.leave(true)}
      mask={{ color: "var(--shade)" }}
      scrollIntoViewOptions={{ block: "nearest" }}
      steps={steps.map((each, i) => ({
        title: each.title,
        description: (
          <>
            <p>{each.text}</p>
            {i === at && target === null && <p className="quiet">{words.missing}</p>}
          </>
        ),
        target: () => (i === at && target instanceof HTMLElement ? target : document.body),
        ...(i === at && target instanceof HTMLElement ? {} : { target: null }),
        ...(each.side ? { placement: each.side } : {}),
        nextButtonProps: { children: i === steps.length - 1 ? words.finish : words.next },
        prevButtonProps: { children: words.previous },
      }))}
      indicatorsRender={(current, total) => (
        <span className="quiet">
          {current + 1} / {total}
        </span>
      )}
    />
  );
}

/** The element on screen; "waiting" while the page may still bring it, null when it does not come. */
function useElement(selector: string | null): HTMLElement | "waiting" | null {
  const [found, setFound] = useState<{ selector: string | null; element: HTMLElement | null } | null>(null);
  useEffect(() => {
    if (selector === null) return;
    const since = Date.now();
    const look = () => {
      const element = document.querySelector<HTMLElement>(selector);
      const late = Date.now() - since > WAIT_MS;
      if (element === null && !late) return;
      clearInterval(timer);
      setFound({ selector, element });
    };
    const timer = setInterval(look, LOOK_MS);
    look();
    return () => clearInterval(timer);
  }, [selector]);
  return found !== null && found.selector === selector ? found.element : "waiting";
}
