import type { QuizSettings } from '#api/contract';
import { Checkbox, Select, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { fromZoneInput, toZoneInput } from './quizTimes.ts';

interface QuizSettingsFieldsProps {
  settings: QuizSettings;
  timeZone: string;
  problemOf: (path: string) => string | undefined;
  onChange: (settings: QuizSettings) => void;
}

const times = ['atOnce', 'afterDeadline', 'never'] as const;

/** When and how often a quiz is taken, and what is shown of it afterwards. */
export function QuizSettingsFields({ settings, timeZone, problemOf, onChange }: QuizSettingsFieldsProps) {
  const words = text.quizzes.editor;
  const set = (change: Partial<QuizSettings>) => onChange({ ...settings, ...change });
  const count = (typed: string) => (typed === '' ? null : Number(typed));
  const shown = times.map((value) => ({ value, label: words.shown[value] }));
  return (
    <div class="quiz-settings">
      <TextField label={words.opensAt} type="datetime-local" hint={text.quizzes.zone(timeZone)} value={toZoneInput(settings.opensAt, timeZone)} error={problemOf('settings.opensAt')} onValue={(entered) => set({ opensAt: fromZoneInput(entered, timeZone) })} />
      <TextField label={words.closesAt} type="datetime-local" value={toZoneInput(settings.closesAt, timeZone)} error={problemOf('settings.closesAt')} onValue={(entered) => set({ closesAt: fromZoneInput(entered, timeZone) })} />
      <TextField label={words.maxAttempts} type="number" min="1" hint={words.maxAttemptsHint} value={settings.maxAttempts ?? ''} error={problemOf('settings.maxAttempts')} onValue={(typed) => set({ maxAttempts: count(typed) })} />
      <TextField label={words.timeLimit} type="number" min="1" hint={words.timeLimitHint} value={settings.timeLimitMinutes ?? ''} error={problemOf('settings.timeLimitMinutes')} onValue={(typed) => set({ timeLimitMinutes: count(typed) })} />
      <Select
        label={words.countedAttempt}
        value={settings.countedAttempt}
        choices={(['best', 'last'] as const).map((value) => ({ value, label: words.countedAttempts[value] }))}
        onValue={(value) => set({ countedAttempt: value as QuizSettings['countedAttempt'] })}
      />
      <Select label={words.pointsShown} value={settings.pointsShown} choices={shown} onValue={(value) => set({ pointsShown: value as QuizSettings['pointsShown'] })} />
      <Select label={words.answersShown} value={settings.answersShown} choices={shown} onValue={(value) => set({ answersShown: value as QuizSettings['answersShown'] })} />
      <div class="stack-tight">
        <Checkbox label={words.areQuestionsShuffled} isChecked={settings.areQuestionsShuffled} onChecked={(areQuestionsShuffled) => set({ areQuestionsShuffled })} />
        <Checkbox label={words.areOptionsShuffled} isChecked={settings.areOptionsShuffled} onChecked={(areOptionsShuffled) => set({ areOptionsShuffled })} />
      </div>
    </div>
  );
}
