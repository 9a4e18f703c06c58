/** The small menu at the end of a table's header: which columns are shown. */
import { Check, Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import styles from './data-table.module.css';
import { useTableTexts } from './data-table-texts.ts';
import floating from './floating.module.css';
import type { ColumnChoice } from './use-columns.ts';

/** @param props.right pixels from the right edge: the scroll bar stays free */
export function DataTableColumns({ choices, right }: { choices: readonly ColumnChoice[]; right: number }) {
  const t = useTableTexts();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles['columns']} aria-label={t.columns} title={t.columns} style={{ right }}>
        <Columns3 aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={floating['menu']} align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.Label className={floating['itemLabel']}>{t.columns}</DropdownMenu.Label>
          {choices.map(({ id, header, wanted, squeezed, toggle }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              className={floating['item']}
              checked={wanted}
              onCheckedChange={toggle}
              onSelect={(event) => event.preventDefault()}
            >
              <span className={styles['tick']}>{wanted ? <Check aria-hidden /> : null}</span>
              {header}
              {squeezed ? <span className="soft">· {t.squeezed}</span> : null}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
