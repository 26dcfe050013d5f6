"""What the shop answers."""

from django.db import transaction
from django.http import HttpResponseBadRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.desk import desk
from shop.models import Order
from ticketcore import Inbound, InvalidInput

SOLD_OUT = {"moon"}


class SoldOutError(Exception):
    """There is none left; found out when everything else is done."""


@csrf_exempt
@require_POST
def place(request):
    """Place an order: a row of ours and a message to the desk, both or neither."""
    email, item = request.POST.get("email", ""), request.POST.get("item", "")
    try:
        with transaction.atomic():
            received = desk().receive(Inbound("web", "shop", email, f"I want a {item}", attributes={"item": item}))
            order = Order.objects.create(email=email, item=item, ticket=received.ticket.number)
            if item in SOLD_OUT:
                raise SoldOutError
    except InvalidInput as error:
        return HttpResponseBadRequest(str(error))
    except SoldOutError:
        return JsonResponse({"sold_out": item}, status=409)
    return JsonResponse({"order": order.id, "ticket": order.ticket, "assignee": received.ticket.assignee})
