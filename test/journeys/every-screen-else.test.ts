/** 其余每个画面. Signing in, import, assessment and administration walked through. */
import { SCREENS } from "../screens/all.ts";
import { walk } from "../screens/walk.ts";
import { WORK } from "../screens/work.ts";

walk(SCREENS.filter((screen) => !WORK.includes(screen)));
