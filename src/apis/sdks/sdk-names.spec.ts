import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { sdkNames } from './sdk-names.js';

const { sdk } = new ApimConfig();
const of = (name: string, version = '1.0.0') => sdkNames({ name, version }, 'java', sdk);

it.each([
  ['PizzaShack', 'PizzaShack_1.0.0_java', 'org.wso2.client.PizzaShack', 'org.wso2.client.api.pizzashack', 'pizza_shack_client'],
  ['pizza-shack', 'pizzashack_1.0.0_java', 'org.wso2.client.PizzaShack', 'org.wso2.client.api.pizzashack', 'pizza_shack_client'],
  ['class', 'class_1.0.0_java', 'org.wso2.client.Class', 'org.wso2.client.api.classapi', 'class_client'],
  ['3D', '3D_1.0.0_java', 'org.wso2.client.N3D', 'org.wso2.client.api.n3d', 'n_3_d_client'],
  ['名前', 'Api_1.0.0_java', 'org.wso2.client.Api', 'org.wso2.client.api.api', 'api_client'],
])('the packages of the API %p', (name, archive, artifactId, apiPackage, module) => {
  expect(of(name)).toMatchObject({ archive, artifactId, apiPackage, module, groupId: 'org.wso2' });
});

it.each([
  ['1.2.3', '1.2.3'],
  ['v2', '2.0.0'],
  ['1.0.0-beta', '1.0.0'],
  ['next', '1.0.0'],
  ['2024.01', '2024.1.0'],
])('the version %p is %p for package managers', (version, packageVersion) => expect(of('a', version).packageVersion).toBe(packageVersion));

it('a version makes no path', () => expect(of('a', '../../x y').archive).toBe('a_..-..-x-y_java'));
