/** The namespaces of XML, XML Schema, SOAP and their relatives (W3C, OASIS). */
export const XML_NS = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NS = 'http://www.w3.org/2000/xmlns/';
export const XSD_NS = 'http://www.w3.org/2001/XMLSchema';
export const XSI_NS = 'http://www.w3.org/2001/XMLSchema-instance';

export const SOAP11_NS = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP12_NS = 'http://www.w3.org/2003/05/soap-envelope';
export const SOAP11_ENCODING_NS = 'http://schemas.xmlsoap.org/soap/encoding/';
export const SOAP12_ENCODING_NS = 'http://www.w3.org/2003/05/soap-encoding';

export const WSDL_NS = 'http://schemas.xmlsoap.org/wsdl/';
export const WSDL20_NS = 'http://www.w3.org/ns/wsdl';
export const WSDL_SOAP11_NS = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const WSDL_SOAP12_NS = 'http://schemas.xmlsoap.org/wsdl/soap12/';

export const XOP_NS = 'http://www.w3.org/2004/08/xop/include';
export const XMIME_NS = 'http://www.w3.org/2005/05/xmlmime';
export const XMLDSIG_NS = 'http://www.w3.org/2000/09/xmldsig#';

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401';
export const WSSE_NS = `${OASIS}-wss-wssecurity-secext-1.0.xsd`;
export const WSU_NS = `${OASIS}-wss-wssecurity-utility-1.0.xsd`;
export const USERNAME_TOKEN_PROFILE = `${OASIS}-wss-username-token-profile-1.0`;
export const BASE64_ENCODING_TYPE = `${OASIS}-wss-soap-message-security-1.0#Base64Binary`;

/** WS-Addressing 1.0 (W3C), and the submission that older stacks speak. */
export const WSA_NS = 'http://www.w3.org/2005/08/addressing';
export const WSA_2004_NS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';

/** What prefixes are written as; other namespaces get `n1`, `n2` and so on. */
export const PREFERRED_PREFIXES: ReadonlyMap<string, string> = new Map([
  [XML_NS, 'xml'],
  [XSD_NS, 'xsd'],
  [XSI_NS, 'xsi'],
  [SOAP11_NS, 'soap'],
  [SOAP12_NS, 'soap'],
  [SOAP11_ENCODING_NS, 'soapenc'],
  [SOAP12_ENCODING_NS, 'soapenc'],
  [XOP_NS, 'xop'],
  [XMIME_NS, 'xmime'],
  [WSSE_NS, 'wsse'],
  [WSU_NS, 'wsu'],
  [WSA_NS, 'wsa'],
  [WSA_2004_NS, 'wsa'],
  [WSDL_NS, 'wsdl'],
  [WSDL_SOAP11_NS, 'wsoap'],
  [WSDL_SOAP12_NS, 'wsoap12'],
]);
