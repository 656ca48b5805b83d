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
  digest: string;
  texts: { commitment: string; salt: string; text: string }[];
}
