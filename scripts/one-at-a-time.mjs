// One installation and one build at a time in one checkout: a second `npm start` waits for the first and finds it done.
import fs from "node:fs";
import path from "node:path";

/**
 * Runs `work` while this process holds `folder`. The folder names its holder's process; a holder that has died, kill -9
 * included, is passed over. `onWait` is called once when somebody else holds it.
 */
export async function oneAtATime(folder, onWait, work) {
  let told = false;
  while (!take(folder)) {
    if (!told) {
      told = true;
      onWait();
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function take(folder) {
  const mine = `${folder}-${process.pid}`;
  fs.rmSync(mine, { recursive: true, force: true });
  fs.mkdirSync(mine, { recursive: true });
  fs.writeFileSync(path.join(mine, "pid"), String(process.pid));
  try {
    // A rename onto a folder that holds a file fails: whoever renames first has it, its name already inside.
    fs.renameSync(mine, folder);
    return true;
  } catch (_error) {
    fs.rmSync(mine, { recursive: true, force: true });
    passOverTheDead(folder);
    return false;
  }
}

/** Taken aside before it is thrown away, and put back when somebody living took it in between. */
function passOverTheDead(folder) {
  if (holderLives(folder)) {
    return;
  }
  const aside = `${folder}-dead-${process.pid}`;
  try {
    fs.renameSync(folder, aside);
    if (holderLives(aside)) {
      fs.renameSync(aside, folder);
    }
  } catch (_error) {
    // Somebody else passed over it first.
  }
  fs.rmSync(aside, { recursive: true, force: true });
}

function holderLives(folder) {
  try {
    process.kill(Number(fs.readFileSync(path.join(folder, "pid"), "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // it lives, and belongs to somebody else
  }
}
