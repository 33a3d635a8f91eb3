/** 手在不在. When a person last touched the workbench: what is asked without a hand on it keeps nobody signed in. */
let lastAt = Date.now();
const REST_MS = 60_000;

for (const name of ["keydown", "pointerdown", "wheel", "touchstart"])
  document.addEventListener(
    name,
    () => {
      lastAt = Date.now();
    },
    { capture: true, passive: true },
  );

/** Epoch milliseconds of the last key, press or scroll. */
export function lastTouch(): number {
  return lastAt;
}

/** Whether a request of this moment is the screen's own and nobody's. */
export function isBackground(): boolean {
  return Date.now() - lastAt > REST_MS;
}
