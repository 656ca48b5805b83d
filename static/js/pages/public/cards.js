/** What a touched mark opens on the public maps: the card of a problem or the list of a spot. */

import { openPopup } from "../../map/base/popup.js";
import { issueCard } from "../../ui/issues/issue-card.js";
import { linkLine, spotCard } from "../../ui/issues/spot-card.js";

/** @import { IssueLayer } from "../../map/issues/layer.js" */
/** @import { MapSettings } from "#types/map" */

/** @param {IssueLayer} issues @param {MapSettings} settings */
export function openCards(issues, { labels }) {
  const { map, statuses } = issues;
  issues.addEventListener("pick", ({ detail }) => openPopup(map, detail, issueCard(detail, statuses)));
  const lineOf = (member) => linkLine(member, statuses, `/problemas/${encodeURIComponent(member.reference)}/`);
  issues.addEventListener("spot", ({ detail }) => openPopup(map, detail, spotCard(detail, labels, lineOf)));
}
