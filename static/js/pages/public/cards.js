/** What a touched mark opens on the public maps: the card of a problem or the list of a spot. */

import { openPopup } from "../../map/base/popup.js";
import { hear } from "../../ui/base/parts.js";
import { issueCard } from "../../ui/issues/issue-card.js";
import { linkLine, spotCard } from "../../ui/issues/spot-card.js";

/** @import { Detail, IssueLayer, Member } from "../../map/issues/layer.js" */
/** @import { MapSettings } from "#types/map" */

/** @param {IssueLayer} issues @param {MapSettings} settings */
export function openCards(issues, { labels }) {
  const { map, statuses } = issues;
  const words = labels ?? { spot: "", spot_part: "" };
  /** @param {Detail} issue */
  const showIssue = (issue) => openPopup(map, issue, issueCard(issue, statuses));
  /** @param {Member} member */
  const lineOf = (member) => linkLine(member, statuses, `/problemas/${encodeURIComponent(member.reference)}/`);
  /** @param {Detail} spot */
  const showSpot = ({ members = [], count, ...place }) => openPopup(map, place, spotCard({ count, members }, words, lineOf));
  hear(issues, "pick", showIssue);
  hear(issues, "spot", showSpot);
}
