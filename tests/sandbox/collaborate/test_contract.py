"""Every operation that is served answers, and its answer fits the schema that the contract gives for it."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from sandbox import contract

FOLDER = {"Folder_Name": "New"}
FILE = {"files": {"file": ("a.txt", b"x", "text/plain")}}


def _of_kind(word, path, project_id, row_id, job_id, template_id, form_id, attachment_id, folder_id):
    one = f"/{path}/{project_id}"
    return {
        f"list{word}s": ("GET", f"/{path}", {}),
        f"create{word}": ("POST", f"/{path}", {"json": {"Project_Name": "x", "Template_DB_ID": template_id}}),
        f"get{word}": ("GET", one, {}),
        f"update{word}": ("PUT", one, {"json": {"Description": "y"}}),
        f"change{word}State": ("PUT", f"{one}/changestate", {"json": {"Project_Status": "PAUSE"}}),
        f"list{word}ProjectForms": ("GET", f"{one}/projectforms", {}),
        f"get{word}ProjectForm": ("GET", f"{one}/projectforms/{form_id}", {}),
        f"update{word}ProjectForm": ("PUT", f"{one}/projectforms/{form_id}", {"json": {"Offers": []}}),
        f"list{word}WorkflowRows": ("GET", f"{one}/workflowrows", {}),
        f"get{word}WorkflowRow": ("GET", f"{one}/workflowrows/{row_id}", {}),
        f"run{word}WorkflowRow": ("POST", f"{one}/workflowrows/{row_id}/run", {"json": {}}),
        f"get{word}WorkflowRunResult": ("GET", f"{one}/workflowrows/{row_id}/run/{job_id}", {}),
        f"get{word}Recurrence": ("GET", f"{one}/recurrence", {}),
        f"update{word}Recurrence": ("PUT", f"{one}/recurrence", {"json": {"Is_Recurring": False}}),
        f"list{word}Attachments": ("GET", f"{one}/attachments", {}),
        f"add{word}Attachment": ("POST", f"{one}/attachments", FILE),
        f"download{word}Attachment": ("GET", f"{one}/attachments/{attachment_id}", {}),
        f"delete{word}Attachment": ("DELETE", f"{one}/attachments/{attachment_id}", {}),
        f"list{word}AttachmentFolders": ("GET", f"{one}/attachmentfolders", {}),
        f"get{word}AttachmentFolder": ("GET", f"{one}/attachmentfolders/{folder_id}", {}),
    }


REQUESTS = {
    "listTemplates": ("GET", "/templates?templateType=local", {}),
    "getTemplate": ("GET", "/templates/412", {}),
    "listTemplatesInFolder": ("GET", "/templatefolders/103/templates", {}),
    "getTemplateInFolder": ("GET", "/templatefolders/103/templates/413", {}),
    "listForms": ("GET", "/forms?state=enabled&publishStatus=Published", {}),
    "getForm": ("GET", "/forms/302", {}),
    "listFormAttributes": ("GET", "/forms/301/attributes", {}),
    "getFormAttribute": ("GET", "/forms/301/attributes/7001", {}),
    "listFormOffers": ("GET", "/forms/304/offers", {}),
    "getFormOffer": ("GET", "/forms/304/offers/5230", {}),
    "listFormsInFolder": ("GET", "/formfolders/203/forms", {}),
    "getFormInFolder": ("GET", "/formfolders/203/forms/301", {}),
    "listFormAttributesInFolder": ("GET", "/formfolders/203/forms/301/attributes", {}),
    "getFormAttributeInFolder": ("GET", "/formfolders/203/forms/301/attributes/7001", {}),
    "listFormOffersInFolder": ("GET", "/formfolders/208/forms/304/offers", {}),
    "getFormOfferInFolder": ("GET", "/formfolders/208/forms/304/offers/5230", {}),
    **{
        key.format(word): (method, path.format(tree, folder), options)
        for word, tree, folder in (("Template", "templatefolders", 120), ("Form", "formfolders", 211))
        for key, method, path, options in (
            ("list{}Folders", "GET", "/{}", {}),
            ("create{}Folder", "POST", "/{}", {"json": FOLDER}),
            ("get{}Folder", "GET", "/{}/{}", {}),
            ("update{}Folder", "PUT", "/{}/{}", {"json": FOLDER}),
            ("delete{}Folder", "DELETE", "/{}/{}", {}),
            ("create{}Subfolder", "POST", "/{}/{}/subfolders", {"json": FOLDER}),
        )
    },
    "listTemplateSubfolders": ("GET", "/templatefolders/101/subfolders", {}),
    "listFormSubfolders": ("GET", "/formfolders/201/subfolders", {}),
    **_of_kind("SimpleList", "lists", 1000101, 20001, 40001, 401, 311, 9004, 8501),
    **_of_kind("AdvancedList", "advlists", 1000119, 20021, 40017, 406, 311, 9005, 8525),
    **_of_kind("OnDemandCampaign", "locals", 1000138, 20122, 40033, 412, 314, 9001, 8556),
}


@pytest.fixture(scope="module")
def document():
    path = contract.contract_folder() / "unica-collaborate.openapi.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _responses(document, operation_id):
    return next(
        item["responses"]
        for path in document["paths"].values()
        for item in path.values()
        if item["operationId"] == operation_id
    )


def _closed(document, schema):
    """The schema with every named object closed, so that a stray key fails."""
    text = json.dumps({**schema, "$defs": document["components"]["schemas"]})
    whole = json.loads(text.replace("#/components/schemas/", "#/$defs/"))
    for named in whole["$defs"].values():
        named.setdefault("additionalProperties", False)
    return whole


def test_there_is_a_request_for_every_operation_of_the_seed_and_one_more(document):
    items = [item for path in document["paths"].values() for item in path.values()]
    seed = {item["operationId"] for item in items if item.get("x-seed")}
    assert len(seed) == 89
    served = {o.operation_id for o in contract.load().operations.values() if o.system == contract.COLLABORATE}
    assert set(REQUESTS) == served == seed | {"downloadSimpleListAttachment"}


@pytest.mark.parametrize("operation_id", REQUESTS)
def test_the_answer_fits_the_contract(desk, document, operation_id):
    method, path, options = REQUESTS[operation_id]
    answer = desk.send(method, path, **options)
    entry = desk.site.log()[-1]
    assert (entry["system"], entry["operation"], entry["refusal"]) == ("unica-collaborate", operation_id, None)
    responses = _responses(document, operation_id)
    success = next(status for status in responses if status.startswith("2"))
    assert str(answer.status_code) == success, answer.text
    response = responses[success]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    assert ("location" in answer.headers) == ("Location" in response.get("headers", {}))
    media_type = next(iter(response.get("content", {})), None)
    assert answer.headers.get("content-type", "").partition(";")[0] == (media_type or "")
    if media_type == "application/json":
        assert answer.json() not in ([], {})
        schema = _closed(document, response["content"][media_type]["schema"])
        # Without its check of the schema itself, which takes ten times as long: the contract is checked once below.
        jsonschema.Draft202012Validator(schema).validate(answer.json())
    elif media_type is None:
        assert answer.content == b""


def test_the_schemas_of_the_contract_are_schemas(document):
    jsonschema.Draft202012Validator.check_schema(_closed(document, {}))
