/** The room as server and tablet tell it to each other; gatherings/room/screen.py writes it. */

export interface BallotItem {
  issue: string;
  title: string;
  reference: string;
  index: number | null;
  category: string;
  /** What such a problem usually costs, in words; null where nobody has said it. */
  cost?: string | null;
  address: string;
  like: { issue: string; title: string }[];
  lat: number | null;
  lng: number | null;
  tokens: number | null;
  people: number | null;
  place: number | null;
  support?: number | null;
  levels?: number[] | null;
  [more: string]: unknown;
}

/** A problem whose promise the room looks at. */
export interface Commitment {
  id: string;
  title: string;
  [more: string]: unknown;
}

/** A ballot on paper as one side typed it; `rival` is what another tablet typed under the same number. */
export interface Paper {
  number: number;
  choices: Record<string, number>;
  rival: Record<string, number> | null;
}

/** Where the two counts differ, each in words. */
export interface Difference {
  what: string;
  first: string;
  second: string;
}

export interface AttendanceLine {
  organisation: number | null;
  name: string;
  people: number;
  voters: number;
  /** The register does not have it: its people came and nobody votes for it. */
  provisional: boolean;
}

export interface Minute {
  id: number;
  kind: string;
  kind_label: string;
  text: string;
  reason: string;
  office: string;
  due: string | null;
}

export interface Organisation {
  id: number;
  name: string;
  kind: string;
  provisional?: boolean;
}

export interface RoomState {
  revision: number;
  state: string;
  shown: string;
  mode: string;
  people: number;
  voters: number;
  tokens_each: number;
  tokens_per_issue: number;
  attendance: { lines: AttendanceLine[]; people: number; voters: number };
  organisations: Organisation[];
  candidates: BallotItem[];
  /** How many wait for the ballot, told here or not. */
  pending?: number;
  ballot: BallotItem[];
  minutes: Minute[];
  witnesses: string[];
  /** How many said that they are of each group, told to the tablet only. */
  groups?: Record<string, number>;
  commitments: Commitment[];
  mapped?: { id: string; title: string; [more: string]: unknown }[];
  merges: { id: number; duplicate: string; into: string }[];
  papers?: Paper[];
  /** Percent of ballots with none of the first five problems. */
  left_out?: number | null;
  /** Who types the second count. */
  second?: string;
  annul?: { side: number | null; reason: string } | null;
  compared?: { differences: Difference[] } | null;
  /** Whose figures these are: 1 the first count, 2 the second, null neither. */
  side?: number | null;
  [more: string]: unknown;
}

export type RoomLink = "fine" | "sending" | "waiting" | "out" | "out";

/** What pages use of a room, the real one or the one that is only shown. */
export interface RoomFace {
  state: RoomState;
  /** The code of the second count while it is typed here. */
  code: string;
  act(action: string, body?: object): Promise<RoomState>;
  /** Everything that waits for the ballot and has these words. */
  search(words: string): Promise<BallotItem[]>;
  use(code: string): Promise<void>;
  listen(listener: (state: RoomState) => void): void;
  listenLink(listener: (link: RoomLink) => void): void;
  start(refused?: (error: Error) => void): void;
}

/** The wall asks for nothing. */
export type WallFace = Pick<RoomFace, "state" | "listen" | "listenLink" | "start">;

/** Asks one question: the text of the answer, null for no. */
export type Ask = (question: string, wantsText?: boolean) => Promise<string | null>;
