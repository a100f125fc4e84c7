import { Language } from '#api/contract';
import { chooseLanguage, chosenLanguage } from '../app/language.ts';
import { serverClock } from '../app/ServerClock.ts';
import { account, accountStore, api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Select, showToast } from '../design/index.ts';
import { useSecondTick } from '../live/useSecondTick.ts';
import { formatTime } from '../text/format.ts';
import { languageNames, languageOfBrowser, text } from '../text/index.ts';
import { browserZone } from '../text/timeZone.ts';

/** The value of the choice that leaves it to the browser. */
const ofBrowser = '';

/** Language and time zone. A choice is saved at once. */
export function RegionFields() {
  const choose = useToastedAction(async (language: Language | null) => {
    await chooseLanguage(language);
    showToast({ text: text.account.saved });
  });
  const move = useToastedAction(async (zone: string | null) => {
    accountStore.replaceAccount(await api.updateProfile({ body: { timeZone: zone } }));
    showToast({ text: text.account.saved });
  });
  const languageChoices = [
    { value: ofBrowser, label: text.profile.languageOfBrowser(languageNames[languageOfBrowser()]) },
    ...Language.options.map((language) => ({ value: language, label: languageNames[language] })),
  ];
  return (
    <div class="form">
      <Select
        label={text.profile.language}
        value={chosenLanguage.value ?? ofBrowser}
        choices={languageChoices}
        disabled={choose.isBusy}
        onValue={(value) => choose.run(Language.safeParse(value).data ?? null)}
      />
      <Select
        label={text.profile.timeZone}
        hint={<TimeThere />}
        value={account.value?.timeZone ?? ofBrowser}
        choices={zoneChoices(account.value?.timeZone ?? null)}
        disabled={move.isBusy}
        onValue={(value) => move.run(value === ofBrowser ? null : value)}
      />
    </div>
  );
}

function TimeThere() {
  useSecondTick();
  return <span class="tabular">{text.profile.timeZoneHint(formatTime(new Date(serverClock.nowMs())))}</span>;
}

function zoneChoices(chosen: string | null): { value: string; label: string }[] {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...(chosen === null ? [] : [chosen])]);
  return [
    { value: ofBrowser, label: text.profile.timeZoneOfBrowser(nameOf(browserZone)) },
    ...[...zones].sort().map((zone) => ({ value: zone, label: nameOf(zone) })),
  ];
}

/** `America/New York` */
function nameOf(zone: string): string {
  return zone.replaceAll('_', ' ');
}
