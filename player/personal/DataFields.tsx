import { paths } from '../app/paths.ts';
import { ButtonLink } from '../design/index.ts';
import { text } from '../text/index.ts';
import './personal.css';

/** On the profile: the ways to one's data, and to the end of the account. */
export function DataFields() {
  const words = text.personal.data;
  return (
    <>
      <div class="choice">
        <p class="quiet">{words.exportHint}</p>
        <ButtonLink href={paths.myData}>{words.toExport}</ButtonLink>
      </div>
      <div class="choice">
        <p class="quiet">{words.deleteHint}</p>
        <ButtonLink href={paths.deleteAccount}>{words.toDelete}</ButtonLink>
      </div>
    </>
  );
}
