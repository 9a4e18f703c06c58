/** A field inside another one. The form says what draws it: a field and those within it would otherwise import each other. */
import { type ComponentType, createContext, useContext } from 'react';
import type { FieldProps } from './form-context.tsx';

export const NestedFieldContext = createContext<ComponentType<FieldProps> | null>(null);

export function NestedField(props: FieldProps) {
  const Field = useContext(NestedFieldContext);
  return Field === null ? null : <Field {...props} />;
}
