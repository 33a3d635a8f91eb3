/** 导航. Which pages there are, by work and role, and which queues' counts stand beside them as work waiting for me. */
import {
  AlertOutlined,
  ApartmentOutlined,
  AudioOutlined,
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  CalendarOutlined,
  CommentOutlined,
  ExceptionOutlined,
  EyeOutlined,
  FileAddOutlined,
  FileProtectOutlined,
  FlagOutlined,
  HomeOutlined,
  InboxOutlined,
  LaptopOutlined,
  MessageOutlined,
  PauseCircleOutlined,
  PhoneOutlined,
  RollbackOutlined,
  SafetyOutlined,
  ScheduleOutlined,
  SendOutlined,
  SettingOutlined,
  SolutionOutlined,
  TagsOutlined,
  TeamOutlined,
  UploadOutlined,
} from "@ant-design/icons";
import { ALL_ROLES, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import type { ReactNode } from "react";
import type { Queue } from "../api/types.ts";
import { T } from "../texts.ts";

export type NavGroup = keyof typeof T.nav.groups;

export interface NavItem {
  readonly to:
    | "/"
    | "/tickets"
    | "/callback"
    | "/sampling"
    | "/intake"
    | "/liaison"
    | "/assessment"
    | "/exemption"
    | "/shelving"
    | "/urging"
    | "/returns"
    | "/ownership"
    | "/supervision"
    | "/problems"
    | "/notify"
    | "/overrides"
    | "/duty"
    | "/watch"
    | "/incidents"
    | "/units"
    | "/users"
    | "/audit"
    | "/categories"
    | "/roles"
    | "/sessions"
    | "/rules"
    | "/phrases"
    | "/settings";
  readonly zh: string;
  readonly group: NavGroup;
  readonly icon: ReactNode;
  readonly roles: readonly Role[];
  /** Queues whose counts are this page's work waiting for me. */
  readonly waiting: readonly string[];
}

const CENTRE = ALL_ROLES.filter((r) => ROLES[r].side === "centre");
const UNIT = ALL_ROLES.filter((r) => ROLES[r].side === "unit");

/** Queues that hold work for the person who sees them; the others (在办, 临期, 超期 …) are for watching. */
const WAITING = [
  "received",
  "triage",
  "return-review",
  "ownership",
  "reported",
  "closing",
  "unit-new",
  "unit-handling",
  "unit-co",
];

const NAV: readonly NavItem[] = [
  {
    to: "/",
    zh: T.nav.home,
    group: "home",
    icon: <HomeOutlined aria-hidden="true" />,
    roles: ALL_ROLES,
    waiting: [],
  },
  {
    to: "/tickets",
    zh: T.nav.tickets,
    group: "tickets",
    icon: <InboxOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: WAITING,
  },
  {
    to: "/callback",
    zh: T.nav.callback,
    group: "tickets",
    icon: <PhoneOutlined aria-hidden="true" />,
    roles: ["caller", "shiftLead"],
    waiting: ["calling"],
  },
  {
    to: "/sampling",
    zh: T.nav.sampling,
    group: "tickets",
    icon: <AudioOutlined aria-hidden="true" />,
    roles: CENTRE,
    waiting: [],
  },
  {
    to: "/intake",
    zh: T.nav.intake,
    group: "tickets",
    icon: <UploadOutlined aria-hidden="true" />,
    roles: ["triager", "shiftLead", "assessor", "sysadmin"],
    waiting: [],
  },
  {
    to: "/liaison",
    zh: T.nav.liaison,
    group: "supervision",
    icon: <MessageOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/urging",
    zh: T.nav.urging,
    group: "supervision",
    icon: <BellOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/problems",
    zh: T.nav.problems,
    group: "supervision",
    icon: <ExceptionOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/returns",
    zh: T.nav.returns,
    group: "supervision",
    icon: <RollbackOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/ownership",
    zh: T.nav.ownership,
    group: "supervision",
    icon: <SolutionOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/overrides",
    zh: T.nav.overrides,
    group: "supervision",
    icon: <SafetyOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/incidents",
    zh: T.nav.incidents,
    group: "supervision",
    icon: <AlertOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/supervision",
    zh: T.nav.supervision,
    group: "supervision",
    icon: <FlagOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/assessment",
    zh: T.nav.assessment,
    group: "assessment",
    icon: <BarChartOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/exemption",
    zh: T.nav.exemption,
    group: "assessment",
    icon: <FileProtectOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/shelving",
    zh: T.nav.shelving,
    group: "assessment",
    icon: <PauseCircleOutlined aria-hidden="true" />,
    roles: [...CENTRE, ...UNIT],
    waiting: [],
  },
  {
    to: "/duty",
    zh: T.nav.duty,
    group: "duty",
    icon: <ScheduleOutlined aria-hidden="true" />,
    roles: CENTRE,
    waiting: [],
  },
  {
    to: "/watch",
    zh: T.nav.watch,
    group: "duty",
    icon: <EyeOutlined aria-hidden="true" />,
    roles: CENTRE,
    waiting: [],
  },
  {
    to: "/units",
    zh: T.nav.units,
    group: "system",
    icon: <ApartmentOutlined aria-hidden="true" />,
    roles: ["triager", "shiftLead", "leader", "sysadmin"],
    waiting: [],
  },
  {
    to: "/users",
    zh: T.nav.users,
    group: "system",
    icon: <TeamOutlined aria-hidden="true" />,
    roles: ["sysadmin", "secadmin"],
    waiting: [],
  },
  {
    to: "/roles",
    zh: T.nav.roles,
    group: "system",
    icon: <SafetyOutlined aria-hidden="true" />,
    roles: ["sysadmin", "secadmin", "auditadmin", "leader"],
    waiting: [],
  },
  {
    to: "/sessions",
    zh: T.nav.sessions,
    group: "system",
    icon: <LaptopOutlined aria-hidden="true" />,
    roles: ["sysadmin", "secadmin"],
    waiting: [],
  },
  {
    to: "/categories",
    zh: T.nav.categories,
    group: "system",
    icon: <TagsOutlined aria-hidden="true" />,
    roles: ["sysadmin"],
    waiting: [],
  },
  {
    to: "/rules",
    zh: T.nav.rules,
    group: "system",
    icon: <CalendarOutlined aria-hidden="true" />,
    roles: ["sysadmin", "secadmin", "auditadmin", "leader", "shiftLead"],
    waiting: [],
  },
  {
    to: "/phrases",
    zh: T.nav.phrases,
    group: "system",
    icon: <CommentOutlined aria-hidden="true" />,
    roles: ["sysadmin", "leader", "shiftLead"],
    waiting: [],
  },
  {
    to: "/notify",
    zh: T.nav.notify,
    group: "system",
    icon: <SendOutlined aria-hidden="true" />,
    roles: ["sysadmin"],
    waiting: [],
  },
  {
    to: "/settings",
    zh: T.nav.settings,
    group: "system",
    icon: <SettingOutlined aria-hidden="true" />,
    roles: ["sysadmin", "secadmin", "auditadmin"],
    waiting: [],
  },
  {
    to: "/audit",
    zh: T.nav.audit,
    group: "system",
    icon: <AuditOutlined aria-hidden="true" />,
    roles: ["auditadmin"],
    waiting: [],
  },
];

export const NEW_TICKET = {
  roles: ["triager", "shiftLead"] as readonly Role[],
  icon: <FileAddOutlined aria-hidden="true" />,
};

export function navFor(roles: readonly Role[]): readonly NavItem[] {
  return NAV.filter((item) => item.roles.some((role) => roles.includes(role)));
}

/** Work waiting for me behind a menu word. */
export function waitingCount(item: NavItem, queues: readonly Queue[]): number {
  return queues.filter((q) => item.waiting.includes(q.key)).reduce((sum, q) => sum + q.count, 0);
}
