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
  like: { title: string }[];
  lat: number | null;
  lng: number | null;
  tokens: number | null;
  people: number | null;
  place: number | null;
  support?: number | null;
  [more: string]: unknown;
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
  /** Whose figures these are: 1 the first count, 2 the second, null neither. */
  side?: number | null;
  [more: string]: unknown;
}
