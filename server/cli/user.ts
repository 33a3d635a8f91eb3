/** `jiesu user …`: accounts from the machine's keyboard, for the first administrator and for lost passwords. */
import { isRole, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import type { Command } from "commander";
import { createUser, listUsers, resetPassword } from "../people/users.ts";
import { randomPassword } from "../platform/auth/password.ts";
import { Refused } from "../platform/errors.ts";
import type { Open, Shell } from "../platform/shell.ts";

const KEYBOARD = { userId: null, name: "命令行" };

export function registerUser(jiesu: Command, open: Open): void {
  const user = jiesu.command("user").description("账号");

  const within = async (
    json: boolean | undefined,
    work: (shell: Shell) => Promise<{ answer: unknown; text: string }>,
  ): Promise<void> => {
    const { shell, close } = await open();
    try {
      const { answer, text } = await work(shell);
      process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${text}\n`);
    } finally {
      await close();
    }
  };

  user
    .command("list")
    .description("列出账号")
    .option("--json", "以 JSON 输出")
    .action((options: { json?: boolean }) =>
      within(options.json, async (shell) => {
        const users = await listUsers(shell.db, shell.now());
        const text = users
          .map(
            (u) =>
              `${u.login}\t${u.name}\t${u.roles.map((r) => r.zh).join("、")}\t${u.unit?.name ?? ""}${u.active ? "" : "\t（停用）"}`,
          )
          .join("\n");
        return { answer: users, text };
      }),
    );

  user
    .command("add <账号> <姓名>")
    .description("新增账号，密码随机生成，仅显示一次")
    .requiredOption(
      "--role <岗位...>",
      `岗位：${Object.entries(ROLES)
        .map(([role, { zh }]) => `${role} ${zh}`)
        .join("，")}`,
    )
    .option("--unit <单位>", "所属单位的名称或简称（经办人、单位负责人必填）")
    .option("--json", "以 JSON 输出")
    .action((login: string, name: string, options: { role: string[]; unit?: string; json?: boolean }) =>
      within(options.json, async (shell) => {
        const roles = options.role.map(roleOf);
        const unitId = options.unit === undefined ? null : await unitOf(shell, options.unit);
        const password = randomPassword();
        const id = await createUser(
          shell.db,
          shell.now(),
          { login, name, roles, unitId, password },
          KEYBOARD,
        );
        return { answer: { id, login, password }, text: `已新增 ${login}，密码：${password}` };
      }),
    );

  user
    .command("reset <账号>")
    .description("重置密码，仅显示一次")
    .option("--json", "以 JSON 输出")
    .action((login: string, options: { json?: boolean }) =>
      within(options.json, async (shell) => {
        const password = await resetPassword(shell.db, shell.now(), login, KEYBOARD);
        return { answer: { login, password }, text: `${login} 的新密码：${password}` };
      }),
    );
}

function roleOf(text: string): Role {
  const byName = Object.entries(ROLES).find(([, { zh }]) => zh === text)?.[0] ?? text;
  if (!isRole(byName)) throw new Refused({ code: "bad-input", message: `没有“${text}”这个岗位` });
  return byName;
}

async function unitOf(shell: Shell, name: string): Promise<string> {
  const unit = await shell.db
    .selectFrom("unit")
    .select("id")
    .where((eb) => eb.or([eb("name", "=", name), eb("short_name", "=", name)]))
    .executeTakeFirst();
  if (!unit) throw new Refused({ code: "unit-unknown" });
  return unit.id;
}
