/** What the simulated HR system says about people: `employee.hired`, `employee.left`. */
export interface Employee {
  number: string;
  first_name: string;
  last_name: string;
  /** ASCII, the same in every system. */
  login: string;
  email: string;
  phone: string;
  department: string;
  position: string;
  /** Language of the welcome: BCP 47. */
  language: string;
}

export interface EmployeeEvent {
  event_id: string;
  event: 'employee.hired' | 'employee.left';
  /** RFC 3339, UTC. */
  occurred_at: string;
  employee: Employee;
  /** First or last day: YYYY-MM-DD. */
  effective_from: string;
}
