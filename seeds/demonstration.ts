/** 演示辖区. On the first start over an empty ledger: the district, its people with random passwords, two months of tickets. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import type { Shell } from "@jiesu/server/platform/shell.ts";
import { loadDistrict, readDistrict } from "./district.ts";
import { loadDuty } from "./duty.ts";
import { seed } from "./load.ts";
import { CHARACTERS, createAccounts, type NewAccount } from "./people.ts";

const TICKETS = 3000;

/** Tickets of the last hour that wait to be taken by each unit whose people can sign in: nobody's first queue is empty. */
const JUST_SENT = 4;

/**
 * Loads the demonstration once and prints its accounts; a ledger with any ticket in it is left alone. Each part leaves
 * what is there, so a first start that was cut off is gone on with at the second; the passwords are in the file
 * before the tickets are made.
 */
export async function loadDemonstration(
  shell: Shell,
  dataDir: string,
  say: (line: string) => void,
): Promise<void> {
  const used = await shell.db.selectFrom("ticket").select("id").limit(1).executeTakeFirst();
  const accountsFile = join(dataDir, "demo-accounts.txt");
  if (used) {
    say(`演示账号见 ${accountsFile}；忘记密码：npx jiesu user reset <账号>`);
    return;
  }
  say("首次启动，正在载入演示辖区（29 个街镇、678 个社区和村）…");
  const now = shell.now();
  await loadDistrict(shell.db, now);
  const accounts = await createAccounts(shell.db, now);
  const lines = accountLines(accounts);
  if (lines.length > 0) await writeFile(accountsFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  say(`正在生成 ${TICKETS} 张演示工单…`);
  await seed(shell, { tickets: TICKETS });
  const waitingFor = unitsOfCharacters();
  await seed(shell, { tickets: waitingFor.length * JUST_SENT, from: now - HOUR_MS, waitingFor });
  await loadDuty(shell);
  if (lines.length === 0) {
    say(`演示账号见 ${accountsFile}；忘记密码：npx jiesu user reset <账号>`);
    return;
  }
  say(
    [
      "",
      "演示账号（密码为本次随机生成，只在此显示一次，并存于",
      `${accountsFile}，仅本人可读）：`,
      ...lines.map((l) => `  ${l}`),
      "",
    ].join("\n"),
  );
}

/** Full names of the units that the characters work for. */
function unitsOfCharacters(): readonly string[] {
  return readDistrict()
    .units.filter((unit) => CHARACTERS.some((person) => person.unit === unit.shortName))
    .map((unit) => unit.name);
}

/** One line an account, as it is printed once. */
export function accountLines(accounts: readonly NewAccount[]): string[] {
  return accounts.map(
    (a) =>
      `${a.login.padEnd(14)}${a.password.padEnd(16)}${a.roleZh}${a.unit ? `（${a.unit}）` : ""} ${a.name}`,
  );
}
