/** The file of a gathering, once its shape is checked; gatherings/acta writes it. */

export interface ActaPlace {
  place: number;
  reference: string;
  /** YYYY-MM-DD. */
  reported_on: string;
  tokens: number;
  people: number;
  index: number | null;
}

/** Tokens by reference. */
export type ActaBallot = Record<string, number>;

/** A count that was annulled, with what had been typed. */
export interface ActaAnnulled {
  at: string;
  mode: string;
  voters: number;
  seed: string;
  ballots: number | null;
  reason: string;
  lines: { reference: string; tokens: number | null; people: number | null }[];
}

/** What the levels of a problem on the ballot were and became; null where nobody confirmed any. */
export interface ActaLevels {
  reference: string;
  levels: number[] | null;
  changes: { at: string; before: number | null; after: number | null }[];
}

/** An objection of an organisation that was present, and what those who decide said of it. */
export interface ActaChallenge {
  organisation: string;
  at: string;
  text: string;
  words: { at: string; outcome: string; text: string }[];
  outcome: string | null;
}

/** Moments are text with their offset; a reason is told by its commitment, its words stand in `texts`. */
export interface Acta {
  format: string;
  number: number;
  territory: number | null;
  council: string;
  planned: string;
  opened: string;
  closed: string;
  opened_reason: string | null;
  /** A row is [organisation, people, voters]. */
  attendance: [string | null, number, number][];
  people: number;
  voters: number;
  mode: string;
  tokens_each: number;
  tokens_per_issue: number;
  seed: string;
  ballot: string[];
  places: ActaPlace[];
  ballots: ActaBallot[] | null;
  ballots_counted: number | null;
  ballots_left_out: number | null;
  missing_reason: string | null;
  typings: { at: string; salt: string; first: string; second: string; differences: number } | null;
  counters: string[];
  witnesses: string[];
  annulled: ActaAnnulled[];
  /** Hundredths of each scale, and since when they are in force; only since the second format. */
  weights: { severity: number; reach: number; duration: number; vulnerability: number; since: string | null };
  levels: ActaLevels[];
  challenges: ActaChallenge[];
  challenges_digest: string;
  digest: string;
  texts: { commitment: string; salt: string; text: string }[];
}
