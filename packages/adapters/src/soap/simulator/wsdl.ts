/** The WSDL of the simulated order system: one service, four ports that speak SOAP in all its dialects, types in a schema of its own. */

export const ORDERS_NS = 'urn:nave:orders';

/** `orders.xsd`, which the WSDL imports. */
export const ORDERS_XSD = `<?xml version="1.0" encoding="UTF-8"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:o="${ORDERS_NS}" targetNamespace="${ORDERS_NS}" elementFormDefault="qualified">
  <xsd:simpleType name="Currency"><xsd:restriction base="xsd:string"><xsd:enumeration value="CZK"/><xsd:enumeration value="EUR"/></xsd:restriction></xsd:simpleType>
  <xsd:complexType name="Amount"><xsd:simpleContent><xsd:extension base="xsd:decimal"><xsd:attribute name="currency" type="o:Currency" use="required"/></xsd:extension></xsd:simpleContent></xsd:complexType>
  <xsd:complexType name="Item"><xsd:sequence>
    <xsd:element name="sku" type="xsd:string"/>
    <xsd:element name="quantity" type="xsd:int"/>
    <xsd:element name="price" type="xsd:decimal" minOccurs="0"/>
  </xsd:sequence></xsd:complexType>
  <xsd:complexType name="Order"><xsd:sequence>
    <xsd:element name="number" type="xsd:string"/>
    <xsd:element name="placed" type="xsd:dateTime" minOccurs="0"/>
    <xsd:element name="note" type="xsd:string" nillable="true" minOccurs="0"/>
    <xsd:choice minOccurs="0"><xsd:element name="email" type="xsd:string"/><xsd:element name="phone" type="xsd:string"/></xsd:choice>
    <xsd:element name="total" type="o:Amount" minOccurs="0"/>
    <xsd:element name="item" type="o:Item" minOccurs="0" maxOccurs="unbounded"/>
    <xsd:element name="document" type="xsd:base64Binary" minOccurs="0"/>
    <xsd:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
  </xsd:sequence></xsd:complexType>
  <xsd:element name="createOrder"><xsd:complexType><xsd:sequence><xsd:element name="order" type="o:Order"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="createOrderResponse"><xsd:complexType><xsd:sequence><xsd:element name="id" type="xsd:long"/><xsd:element name="state" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="getOrder"><xsd:complexType><xsd:sequence><xsd:element name="number" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="getOrderResponse"><xsd:complexType><xsd:sequence><xsd:element name="order" type="o:Order"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="orderSeen" type="xsd:string"/>
  <xsd:element name="Session"><xsd:complexType><xsd:sequence><xsd:element name="token" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="OrderFault"><xsd:complexType><xsd:sequence><xsd:element name="number" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>`;

/** @param url where the simulator listens */
export function ordersWsdl(url: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:o="${ORDERS_NS}"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
  xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" targetNamespace="${ORDERS_NS}">
  <types>
    <xsd:schema><xsd:import namespace="${ORDERS_NS}" schemaLocation="orders.xsd"/></xsd:schema>
    <xsd:schema targetNamespace="${ORDERS_NS}:rpc">
      <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>
      <xsd:complexType name="Price"><xsd:sequence><xsd:element name="sku" type="xsd:string"/><xsd:element name="amount" type="xsd:decimal"/></xsd:sequence></xsd:complexType>
      <xsd:complexType name="Prices"><xsd:complexContent><xsd:restriction base="soapenc:Array" xmlns:r="${ORDERS_NS}:rpc"><xsd:attribute ref="soapenc:arrayType" wsdl:arrayType="r:Price[]"/></xsd:restriction></xsd:complexContent></xsd:complexType>
    </xsd:schema>
  </types>
  <message name="createOrderIn"><part name="parameters" element="o:createOrder"/><part name="session" element="o:Session"/></message>
  <message name="createOrderOut"><part name="parameters" element="o:createOrderResponse"/></message>
  <message name="getOrderIn"><part name="parameters" element="o:getOrder"/></message>
  <message name="getOrderOut"><part name="parameters" element="o:getOrderResponse"/></message>
  <message name="orderSeenIn"><part name="body" element="o:orderSeen"/></message>
  <message name="setPricesIn" xmlns:r="${ORDERS_NS}:rpc"><part name="valid" type="xsd:date"/><part name="prices" type="r:Prices"/></message>
  <message name="setPricesOut" xmlns:r="${ORDERS_NS}:rpc"><part name="result" type="r:Prices"/><part name="count" type="xsd:int"/></message>
  <message name="sumIn"><part name="a" type="xsd:decimal"/><part name="b" type="xsd:decimal"/></message>
  <message name="sumOut"><part name="result" type="xsd:decimal"/></message>
  <portType name="Orders">
    <operation name="createOrder"><documentation>Books an order once.</documentation><input message="o:createOrderIn"/><output message="o:createOrderOut"/></operation>
    <operation name="getOrder"><input message="o:getOrderIn"/><output message="o:getOrderOut"/></operation>
    <operation name="orderSeen"><input message="o:orderSeenIn"/></operation>
  </portType>
  <portType name="Sums"><operation name="sum"><input message="o:sumIn"/><output message="o:sumOut"/></operation></portType>
  <portType name="PriceLists"><operation name="setPrices"><input message="o:setPricesIn"/><output message="o:setPricesOut"/></operation></portType>
  ${documentBinding('Orders11', 'soap')}
  ${documentBinding('Orders12', 'soap12')}
  <binding name="Sums" type="o:Sums"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="sum"><soap:operation soapAction="urn:sum"/><input><soap:body use="literal" namespace="${ORDERS_NS}:rpc"/></input><output><soap:body use="literal" namespace="${ORDERS_NS}:rpc"/></output></operation></binding>
  <binding name="PriceLists" type="o:PriceLists"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="setPrices"><soap:operation soapAction="urn:setPrices"/>
      <input><soap:body use="encoded" namespace="${ORDERS_NS}:rpc" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></input>
      <output><soap:body use="encoded" namespace="${ORDERS_NS}:rpc" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/></output></operation></binding>
  <service name="OrderService">
    <port name="Orders11" binding="o:Orders11"><soap:address location="${url}/orders"/></port>
    <port name="Orders12" binding="o:Orders12"><soap12:address location="${url}/orders"/></port>
    <port name="Sums" binding="o:Sums"><soap:address location="${url}/sums"/></port>
    <port name="PriceLists" binding="o:PriceLists"><soap:address location="${url}/prices"/></port>
  </service>
</definitions>`;
}

function documentBinding(name: string, prefix: string): string {
  const operation = (local: string, output: boolean, header = '') =>
    `<operation name="${local}"><${prefix}:operation soapAction="urn:${local}"/><input><${prefix}:body use="literal"${header === '' ? '' : ' parts="parameters"'}/>${header}</input>${
      output ? `<output><${prefix}:body use="literal"/></output>` : ''
    }</operation>`;
  const session = `<${prefix}:header message="o:createOrderIn" part="session" use="literal"/>`;
  return `<binding name="${name}" type="o:Orders"><${prefix}:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    ${operation('createOrder', true, session)}${operation('getOrder', true)}${operation('orderSeen', false)}</binding>`;
}
