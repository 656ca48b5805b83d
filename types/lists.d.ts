/** A published list as lista.json tells it, once its shape is checked; rankings/publishing.py writes it. */

export type Weight = "severity" | "reach" | "duration" | "vulnerability";

export interface Vote {
  gathering: number;
  /** Day of the gathering, YYYY-MM-DD. */
  held_on: string;
  voters: number;
  tokens_each: number;
  tokens: number;
  people: number;
  /** In the result of that gathering. */
  place: number;
  index_then: number;
}

export interface Item {
  reference: string;
  /** Since format 4 its commitment. */
  title: string;
  neighbourhood: number;
  place: number;
  rule_place: number;
  round: number;
  turn: number;
  own_place: number;
  index: number;
  /** In the order of the weights; null while two have not confirmed them. */
  levels: number[] | null;
  vote: Vote | null;
  /** YYYY-MM-DD. */
  reported_on: string;
  /** Why it has its place in the neighbourhood, and why in the city. */
  reasons: string[];
}

export type Voted = Item & { vote: Vote };

export interface Neighbourhood {
  code: number;
  name: string;
  /** In hundredths. */
  coefficient: number;
  /** Problems accepted in the last twelve months. */
  accepted: number;
}

/** A place that somebody changed by hand, with who asked for it since format 2. */
export interface Move {
  reference: string;
  from: number;
  to: number;
  /** Since format 4 its commitment. */
  reason: string;
  office: string;
  asked_by?: string;
  /** Since format 4 the commitment of the name of an organisation or office. */
  asker?: string;
}

export interface PublishedList {
  format: string;
  number: number;
  /** Since format 2. */
  rule?: number;
  track: string;
  published_at: string;
  office: string;
  previous_digest: string;
  digest: string;
  weights: Record<Weight, number>;
  neighbourhoods: Neighbourhood[];
  items: Item[];
  overrides: Move[];
  /** Since format 3. */
  gatherings?: { number: number; digest: string }[];
  /** Since format 4, beside the digest: the texts that are public. */
  texts?: { commitment: string; salt: string; text: string }[];
}

/** Something that is wrong; rankings/verifier_words.py has the sentence of each code. */
export interface Finding {
  code: string;
  [fact: string]: unknown;
}

/** What one check found. */
export interface Result {
  check: string;
  findings: Finding[];
}

/** A problem with the place that the rule gives it; `worst` is itself, or the one that holds it back. */
export interface Placed {
  item: Item;
  round: number;
  turn: number;
  ownPlace: number;
  worst: Item;
}

export type Known = Map<number, Neighbourhood>;

/** All that a rule decides. */
export interface Rule {
  index(levels: number[] | null, weights: Record<Weight, number>): bigint;
  /** By tokens of each voter: how many of them may lie on one problem. */
  caps: Map<number, number>;
  byCount(a: Voted, b: Voted): number;
  order(neighbourhoods: Neighbourhood[], items: Item[]): Placed[];
  reasons(ordered: Placed[], known: Known): string[][];
}
