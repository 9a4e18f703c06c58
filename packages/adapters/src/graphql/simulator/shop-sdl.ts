/** The schema of the simulated shop. */
export const SHOP_SDL = `
  scalar Money

  enum OrderStatus { OPEN CANCELLED }

  type Shop { name: String! }

  type Order { id: ID! reference: String! total: Money! status: OrderStatus! }

  type PageInfo { hasNextPage: Boolean! endCursor: String }

  type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }

  type UserError { field: [String!] message: String! }

  type OrderPayload { order: Order userErrors: [UserError!]! }

  input OrderLineInput { sku: String! quantity: Int! price: Money! }

  input OrderInput { reference: String! note: String lines: [OrderLineInput!]! }

  type Query {
    shop: Shop!
    order(reference: String!): Order
    orders(first: Int!, after: String): OrderConnection!
  }

  type Mutation {
    orderCreate(input: OrderInput!): OrderPayload
    orderCancel(id: ID!): OrderPayload
  }
`;
