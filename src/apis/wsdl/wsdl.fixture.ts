const SOAP = 'http://schemas.xmlsoap.org/wsdl/soap/';
const SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';

/** The namespace of the calculator. */
export const CALCULATOR = 'urn:calculator';

export const SCHEMA = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="${CALCULATOR}" targetNamespace="${CALCULATOR}" elementFormDefault="qualified">
  <xs:element name="Add"><xs:complexType><xs:sequence>
    <xs:element name="summand" type="xs:int" maxOccurs="unbounded"/>
    <xs:element name="note" type="c:Note" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="Note"><xs:sequence>
    <xs:element name="author" type="xs:string"/><xs:element name="text" type="xs:string"/>
  </xs:sequence><xs:attribute name="lang" type="xs:string"/></xs:complexType>
  <xs:element name="AddResponse"><xs:complexType><xs:sequence><xs:element name="sum" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>`;

const bound = (version: string, namespace: string): string => `<wsdl:binding name="Calculator${version}" type="tns:CalculatorPort">
    <s:binding xmlns:s="${namespace}" style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Add">
      <s:operation xmlns:s="${namespace}" soapAction="urn:calculator/Add"/>
      <wsdl:input><s:body xmlns:s="${namespace}" use="literal"/></wsdl:input>
      <wsdl:output><s:body xmlns:s="${namespace}" use="literal"/></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>`;

/** A WSDL 1.1 of a service that adds numbers, over both versions of SOAP; `types` in place of its own schema. */
export const calculatorWsdl = (address: string, types = SCHEMA): string => `<?xml version="1.0" encoding="UTF-8"?>
<!-- A calculator. -->
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="${CALCULATOR}" name="Calculator" targetNamespace="${CALCULATOR}">
  <wsdl:types>${types}</wsdl:types>
  <wsdl:message name="AddIn"><wsdl:part name="parameters" element="tns:Add"/></wsdl:message>
  <wsdl:message name="AddOut"><wsdl:part name="parameters" element="tns:AddResponse"/></wsdl:message>
  <wsdl:portType name="CalculatorPort">
    <wsdl:operation name="Add">
      <wsdl:documentation>Adds numbers.</wsdl:documentation>
      <wsdl:input message="tns:AddIn"/><wsdl:output message="tns:AddOut"/>
    </wsdl:operation>
  </wsdl:portType>
  ${bound('Soap', SOAP)}
  ${bound('Soap12', SOAP12)}
  <wsdl:service name="Calculator">
    <wsdl:port name="CalculatorSoap" binding="tns:CalculatorSoap"><s:address xmlns:s="${SOAP}" location="${address}"/></wsdl:port>
    <wsdl:port name="CalculatorSoap12" binding="tns:CalculatorSoap12"><s:address xmlns:s="${SOAP12}" location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;

/** The same service in WSDL 2.0, over SOAP 1.2. */
export const calculatorWsdl20 = (address: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://www.w3.org/ns/wsdl" xmlns:tns="${CALCULATOR}" xmlns:wsoap="http://www.w3.org/ns/wsdl/soap" targetNamespace="${CALCULATOR}">
  <types>${SCHEMA}</types>
  <interface name="Calculator">
    <operation name="Add" pattern="http://www.w3.org/ns/wsdl/in-out"><input element="tns:Add"/><output element="tns:AddResponse"/></operation>
  </interface>
  <binding name="CalculatorSoap" interface="tns:Calculator" type="http://www.w3.org/ns/wsdl/soap" wsoap:protocol="http://www.w3.org/2003/05/soap/bindings/HTTP/">
    <operation ref="tns:Add" wsoap:action="urn:calculator/Add"/>
  </binding>
  <service name="Calculator" interface="tns:Calculator"><endpoint name="CalculatorSoap" binding="tns:CalculatorSoap" address="${address}"/></service>
</description>
`;

/** The files of the same service, spread over an archive. */
export const calculatorFiles = (address: string): Readonly<Record<string, string>> => ({
  'calculator/service.wsdl': calculatorWsdl(
    address,
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import namespace="${CALCULATOR}" schemaLocation="types/calculator.xsd"/></xs:schema>`,
  ),
  'calculator/types/calculator.xsd': SCHEMA,
});
