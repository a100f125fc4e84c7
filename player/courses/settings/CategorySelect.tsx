import { api } from '../../app/services.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Select } from '../../design/index.ts';
import { text } from '../../text/index.ts';

interface CategorySelectProps {
  value: string | null;
  error: string | undefined;
  onValue: (categoryId: string | null) => void;
}

/** One of the categories of the site. Nothing, where administrators have made none. */
export function CategorySelect({ value, error, onValue }: CategorySelectProps) {
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  if (!data || data.categories.length === 0) return null;
  const choices = [{ value: '', label: text.courses.noCategory }, ...data.categories.map(({ id, name }) => ({ value: id, label: name }))];
  return <Select label={text.courses.category} value={value ?? ''} error={error} choices={choices} onValue={(chosen) => onValue(chosen === '' ? null : chosen)} />;
}
