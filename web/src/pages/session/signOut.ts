/** 退出. Ends the session and starts from the sign-in page; drafts wait on the server, and go from this machine. */
import { http } from "../../api/client.ts";
import { Problem, sentenceOf } from "../../api/problem.ts";
import { leaveDrafts } from "../../ui/drafts.ts";
import { sayWrong } from "../../ui/toasts.tsx";

export async function signOut(): Promise<void> {
  await leaveDrafts();
  try {
    await http.DELETE("/api/session");
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.status !== 401) return sayWrong(sentenceOf(thrown));
  }
  location.assign("/");
}
