import { useId } from 'preact/hooks';
import { text } from '../text/index.ts';
import './schedule.css';

export type Scope = 'one' | 'following' | 'all';
const scopes: readonly Scope[] = ['one', 'following', 'all'];

/** Which lectures of a series a change is for. */
export function ScopeChoice({ label, scope, onScope }: { label: string; scope: Scope; onScope: (scope: Scope) => void }) {
  const name = useId();
  return (
    <fieldset class="field">
      <legend class="field__label">{label}</legend>
      {scopes.map((each) => (
        <label key={each} class="schedule__scope">
          <input type="radio" name={name} checked={each === scope} onChange={() => onScope(each)} />
          <span>{text.schedule.scopes[each]}</span>
        </label>
      ))}
      {scope === 'one' ? null : <span class="field__hint">{text.schedule.scopeHint}</span>}
    </fieldset>
  );
}
